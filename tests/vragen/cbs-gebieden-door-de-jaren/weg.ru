# The link to the area of 2008 is about another wijk now.
PREFIX cbs:  <https://w3id.org/wijkengids/id/cbs/>
PREFIX wg:   <https://w3id.org/wijkengids/def#>
PREFIX wijk: <https://w3id.org/wijkengids/id/wijk/>

DELETE { ?koppeling wg:wijk wijk:crabbehof }
INSERT { ?koppeling wg:wijk wijk:poelenburg }
WHERE  { ?koppeling wg:wijk wijk:crabbehof ; wg:gebied cbs:2008WK050509 } ;

DELETE { GRAPH ?graaf { ?koppeling wg:wijk wijk:crabbehof } }
INSERT { GRAPH ?graaf { ?koppeling wg:wijk wijk:poelenburg } }
WHERE  { GRAPH ?graaf { ?koppeling wg:wijk wijk:crabbehof ; wg:gebied cbs:2008WK050509 } }
