PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX geometrie: <https://w3id.org/wijkengids/id/geometrie/>

# The point is not known any more: the wijk leaves the map.
DELETE { ?punt geo:asWKT ?wkt . GRAPH ?graaf { ?punt geo:asWKT ?wkt } }
WHERE { VALUES ?punt { geometrie:poelenburg } GRAPH ?graaf { ?punt geo:asWKT ?wkt } }
