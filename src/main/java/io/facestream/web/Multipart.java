package io.facestream.web;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.HttpData;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.HttpPostRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The parts of a form, in memory: Quarkus's own reader writes them to files, and pictures are kept nowhere. */
public final class Multipart {
    private static final String MEDIA_TYPE = "multipart/form-data";
    private static final String PICTURE = "file";
    private static final boolean IN_MEMORY = false;

    private Multipart() {}

    /** Whether a body of that type is such a form. */
    public static boolean is(String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(MEDIA_TYPE);
    }

    /**
     * The parts by name; of two with one name, the first.
     *
     * @param contentType as the request's header has it
     * @throws ProblemException if the body is no such form
     */
    public static Map<String, byte[]> parts(String contentType, byte[] body) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
        request.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        if (!HttpPostRequestDecoder.isMultipart(request)) {
            throw new ProblemException("bad-form", "The form cannot be read", 400, "its type names no boundary");
        }
        HttpPostMultipartRequestDecoder decoder = null;
        try {
            decoder = new HttpPostMultipartRequestDecoder(new DefaultHttpDataFactory(IN_MEMORY), request);
            decoder.offer(new DefaultLastHttpContent(Unpooled.wrappedBuffer(body)));
            Map<String, byte[]> parts = new HashMap<>();
            for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
                if (part instanceof HttpData data) {
                    parts.putIfAbsent(data.getName(), data.get());
                }
            }
            return parts;
        } catch (DecoderException | IOException | IllegalArgumentException e) {
            throw new ProblemException("bad-form", "The form cannot be read", 400, e.getMessage());
        } finally {
            if (decoder != null) {
                decoder.destroy();
            }
        }
    }

    /**
     * A picture that is the body, or the part {@code file} of a form.
     *
     * @param contentType as the request's header has it
     * @throws ProblemException if the form has none
     */
    public static byte[] picture(String contentType, byte[] body) {
        if (!is(contentType)) {
            return body;
        }
        byte[] picture = parts(contentType, body).get(PICTURE);
        if (picture == null) {
            throw new ProblemException("no-picture", "The form has no picture", 400, "name its part " + PICTURE);
        }
        return picture;
    }
}
