package io.facestream.bench;

import io.facestream.cli.keys.KeyRole;
import io.facestream.cli.keys.KeyTable;
import io.facestream.configuration.Settings;
import io.facestream.demo.SamplePeople;
import io.quarkus.runtime.QuarkusApplication;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;

/** Times requests to the running role web, and the same picture through the bare networks. */
class IdentifyBench implements QuarkusApplication {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;

    /** Java compiles for about so long. */
    private static final Duration WARMING = Duration.ofMinutes(1);

    /** How often each is measured, in turns; medians are reported. */
    private static final int ROUNDS = 3;

    private final Settings settings = Settings.load();
    private final HttpClient http = HttpClient.newHttpClient();

    /** The results; rates are medians, and so are the percentiles of the rounds. */
    record Report(
            int requests,
            int cores,
            double requestsPerSecond,
            double bareFramesPerSecond,
            double ratioToBareNetworks,
            Latency restMillis,
            Latency bareMillis) {}

    /** The time of a picture, with no other under way. */
    record Latency(double p50, double p95) {
        static Latency of(List<double[]> rounds) {
            return new Latency(median(rounds, 0.5), median(rounds, 0.95));
        }

        private static double median(List<double[]> rounds, double share) {
            return BenchReport.percentile(
                    rounds.stream()
                            .mapToDouble(millis -> BenchReport.percentile(millis, share))
                            .toArray(),
                    0.5);
        }
    }

    @Override
    public int run(String... arguments) throws Exception {
        int requests = Integer.parseInt(arguments[0]);
        int cores = Runtime.getRuntime().availableProcessors();
        SamplePeople.enrol(settings);
        HttpRequest request = request(new KeyTable(settings.database()).add("bench", KeyRole.OPERATOR));
        List<byte[]> pictures = Collections.nCopies(requests, picture());
        BareNetworks bare = new BareNetworks(settings);
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < WARMING.toNanos()) {
            send(request, requests, 2 * cores, new double[requests]);
        }
        bare.millis(pictures);

        double[] rest = new double[ROUNDS];
        double[] loop = new double[ROUNDS];
        List<double[]> restMillis = new ArrayList<>();
        List<double[]> bareMillis = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            // More callers than threads, so that no thread waits for a request.
            rest[round] = send(request, requests, 2 * cores, new double[requests]);
            loop[round] = Math.max(
                    bare.run(pictures, 1).framesPerSecond(),
                    bare.run(pictures, cores).framesPerSecond());
            restMillis.add(new double[requests]);
            send(request, requests, 1, restMillis.get(round));
            bareMillis.add(bare.millis(pictures));
        }
        double requestsPerSecond = BenchReport.percentile(rest, 0.5);
        double framesPerSecond = BenchReport.percentile(loop, 0.5);
        Report report = new Report(
                requests,
                cores,
                requestsPerSecond,
                framesPerSecond,
                requestsPerSecond / framesPerSecond,
                Latency.of(restMillis),
                Latency.of(bareMillis));
        System.out.println(BenchReport.of(report, arguments[1]));
        return 0;
    }

    private static HttpRequest request(String key) throws IOException {
        String port = System.getProperty("quarkus.http.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/identify"))
                .header("x-api-key", key)
                .header("Content-Type", "image/jpeg")
                .POST(BodyPublishers.ofByteArray(picture()))
                .build();
    }

    /** A sample person in the middle of a picture of that size: JPEG bytes. */
    private static byte[] picture() throws IOException {
        BufferedImage photo = ImageIO.read(new ByteArrayInputStream(SamplePeople.photo()));
        int width = photo.getWidth() * HEIGHT / photo.getHeight();
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D canvas = picture.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        canvas.drawImage(photo, (WIDTH - width) / 2, 0, width, HEIGHT, null);
        canvas.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(picture, "jpg", jpeg);
        return jpeg.toByteArray();
    }

    /**
     * Requests per second by that many callers.
     *
     * @param millis the time of each request, filled in
     */
    private double send(HttpRequest request, int requests, int callers, double[] millis)
            throws InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            long started = System.nanoTime();
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                running.add(threads.submit(() -> {
                    send(request, requests, next, millis);
                    return null;
                }));
            }
            for (Future<Void> caller : running) {
                caller.get();
            }
            return requests / ((System.nanoTime() - started) / 1e9);
        } finally {
            threads.shutdown();
        }
    }

    private void send(HttpRequest request, int requests, AtomicInteger next, double[] millis)
            throws IOException, InterruptedException {
        for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
            long started = System.nanoTime();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            millis[i] = (System.nanoTime() - started) / 1e6;
            if (answer.statusCode() != 200 || !answer.body().contains("\"decision\":\"KNOWN\"")) {
                throw new IllegalStateException("HTTP " + answer.statusCode() + ": " + answer.body());
            }
        }
    }
}
