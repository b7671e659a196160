/**
 * The page: what people see with a browser. Templates are rendered here, in the reader's language and time zone; htmx
 * fetches the parts that change.
 *
 * <pre>
 *  browser --PageGuard: of this site?--> *Resource --SQL--> Pages
 *                                                  views, and functions that leave a row in the audit trail
 * </pre>
 */
package io.facestream.web.page;
