# On top of extra.ru: the need of guidance is no longer one of the entrepreneurs.
PREFIX behoefte: <https://w3id.org/wijkengids/id/behoefte/>
PREFIX wg:   <https://w3id.org/wijkengids/def#>

DELETE WHERE { behoefte:betere-begeleiding wg:vanPartij ?partij } ;
DELETE WHERE { GRAPH ?graaf { behoefte:betere-begeleiding wg:vanPartij ?partij } }
