/**
 * People, photos and templates in PostgreSQL: entities, nearest neighbours, the schema, and the switch to another model
 * version.
 *
 * <pre>
 *  Identity 1--n FaceSample 1--n FaceEmbedding (one per live model version)
 *      `---------n Template (one per live model version)   &lt;--GallerySearch-- probe
 * </pre>
 */
package io.facestream.gallery;
