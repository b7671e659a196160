package io.facestream.training.network;

import io.facestream.training.network.NetworkGraph.Parameter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * A network whose weights are variables, its loss, and the step that changes the weights, in one TensorFlow session.
 *
 * <pre>
 *  pixels --network--> embeddings --> unit vectors --> loss --gradients--> Adam
 *             ^                                                             |
 *             +------------------------ weights <---------------------------+
 *  pixels --network as published, of the weights' averages--> embeddings
 * </pre>
 */
public final class TrainingGraph implements AutoCloseable {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;

    /** Small enough not to shorten steps: gradients go down to 1e-6 here. */
    private static final float EPSILON = 1e-8f;

    /** Least scale of relative steps, for tensors that start near zero. */
    private static final float LEAST_RMS = 1e-4f;

    /** Below it a vector has no direction. */
    private static final float LEAST_SQUARED_NORM = 1e-12f;

    /** Share of batch normalisation's averages that a step keeps: low, because runs have only hundreds of steps. */
    private static final double MOVING_AVERAGE = 0.9;

    private final Graph graph = new Graph();
    private final Session session;
    private final StepSettings settings;
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
    private final Map<String, Op> assignments = new LinkedHashMap<>();
    private final List<Op> updates = new ArrayList<>();

    private final Operand<TFloat32> rate;
    private final Operand<TFloat32> firstPower;
    private final Operand<TFloat32> secondPower;
    private final Operand<TFloat32> averageRate;
    private final Operand<TFloat32> movingRate;
    private final Operand<TFloat32> publishedUnitVectors;
    private final Operand<TFloat32> unitVectors;
    private final TrainingLoss loss;
    private final Operand<TFloat32> gradientNorm;

    /**
     * @param network provides the initial values; Adam's moments begin at zero
     * @param threads number of threads for a step, at least 1, where sessions have pools of their own
     */
    public TrainingGraph(NetworkGraph network, TrainingLoss.Weights weights, StepSettings settings, int threads) {
        this.settings = settings;
        graph.importGraphDef(VariableGraph.of(network, settings));
        Ops tf = Ops.create(graph);
        rate = Tensors.scalarOf(tf);
        firstPower = Tensors.scalarOf(tf);
        secondPower = Tensors.scalarOf(tf);
        averageRate = Tensors.scalarOf(tf);
        movingRate = Tensors.scalarOf(tf);

        unitVectors = unitVectors(tf, output(VariableGraph.TRAINING + NetworkGraph.OUTPUT, 0));
        publishedUnitVectors = unitVectors(tf, output(NetworkGraph.OUTPUT, 0));
        loss = new TrainingLoss(tf, weights, unitVectors);
        Map<String, float[]> first = network.values();
        gradientNorm = addSteps(
                tf,
                network.parameters().stream().filter(p -> p.role().trained()).toList(),
                first);
        addMovingAverages(tf, network.graph());
        network.parameters().forEach(parameter -> addAssignments(tf, parameter));
        session = new Session(graph, configuration(threads));
        Map<String, float[]> all = new LinkedHashMap<>();
        shapes.keySet().forEach(name -> all.put(name, firstValues(name, first)));
        assign(all);
    }

    /** The calling thread walks through the graph and shares each operation with the pool. Nothing runs elsewhere. */
    private static ConfigProto configuration(int threads) {
        return ConfigProto.newBuilder()
                .putDeviceCount("GPU", 0)
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(-1)
                .build();
    }

    private float[] firstValues(String name, Map<String, float[]> network) {
        float[] known =
                network.get(name.replaceFirst("^(" + VariableGraph.AVERAGE + "|" + VariableGraph.BASE + ")", ""));
        return known == null ? new float[Math.toIntExact(shapes.get(name).size())] : known;
    }

    private Operand<TFloat32> output(String operation, int index) {
        Output<TFloat32> output = graph.operationOrThrow(operation).output(index);
        return output;
    }

    private static Operand<TFloat32> unitVectors(Ops tf, Operand<TFloat32> embeddings) {
        Operand<TFloat32> squaredNorm =
                tf.reduceSum(tf.math.square(embeddings), tf.constant(1), ReduceSum.keepDims(true));
        return tf.math.mul(embeddings, tf.math.rsqrt(tf.math.maximum(squaredNorm, tf.constant(LEAST_SQUARED_NORM))));
    }

    /** Adds a step of Adam for each tensor. Returns the norm of all gradients together, before bounding. */
    private Operand<TFloat32> addSteps(Ops tf, List<Parameter> trained, Map<String, float[]> first) {
        Output<?>[] variables = trained.stream()
                .map(parameter -> output(parameter.name(), 0).asOutput())
                .toArray(Output<?>[]::new);
        Output<?>[] gradients = graph.addGradients(loss.sum().asOutput(), variables);
        List<Operand<TFloat32>> squares = new ArrayList<>();
        float[] scales = new float[variables.length];
        for (int i = 0; i < variables.length; i++) {
            scales[i] = settings.relative()
                    ? Math.max(LEAST_RMS, Tensors.rms(first.get(trained.get(i).name())))
                    : 1;
            Operand<TFloat32> scaled = tf.math.mul(gradient(gradients[i]), tf.constant(scales[i]));
            squares.add(tf.math.mul(tf.constant(2f), tf.nn.l2Loss(scaled)));
        }
        Operand<TFloat32> norm = tf.math.sqrt(tf.math.addN(squares));
        Operand<TFloat32> greatest = tf.constant((float) settings.greatestNorm());
        Operand<TFloat32> bound = tf.math.div(greatest, tf.math.maximum(norm, greatest));
        for (int i = 0; i < variables.length; i++) {
            addStep(tf, trained.get(i), scales[i], tf.math.mul(gradient(gradients[i]), bound));
        }
        return norm;
    }

    @SuppressWarnings("unchecked") // of a float by floats
    private static Operand<TFloat32> gradient(Output<?> gradient) {
        return (Output<TFloat32>) gradient;
    }

    private void addStep(Ops tf, Parameter parameter, float scale, Operand<TFloat32> gradient) {
        String name = parameter.name();
        Operand<TFloat32> variable = output(name, 0);
        Operand<TFloat32> step = tf.math.mul(rate, tf.constant(scale));
        Op last = tf.train.applyAdam(
                variable,
                output(VariableGraph.FIRST_MOMENT + name, 0),
                output(VariableGraph.SECOND_MOMENT + name, 0),
                firstPower,
                secondPower,
                step,
                tf.constant(BETA1),
                tf.constant(BETA2),
                tf.constant(EPSILON),
                gradient);
        updates.add(last);
        if (settings.decays(parameter)) {
            Ops after = tf.withControlDependencies(last);
            Operand<TFloat32> share = after.math.mul(rate, after.constant((float) settings.decay()));
            last = addMove(after, name, output(VariableGraph.BASE + name, 0), share);
        }
        if (settings.averages()) {
            addMove(tf.withControlDependencies(last), VariableGraph.AVERAGE + name, variable, averageRate);
        }
    }

    /** Moves a variable towards a value by a share of the distance. */
    private Op addMove(Ops tf, String name, Operand<TFloat32> towards, Operand<TFloat32> share) {
        Operand<TFloat32> variable = output(name, 0);
        Op move = tf.assignSub(variable, tf.math.mul(share, tf.math.sub(variable, towards)));
        updates.add(move);
        return move;
    }

    private void addMovingAverages(Ops tf, GraphDef network) {
        for (NodeDef node : network.getNodeList()) {
            if (node.getOp().equals(VariableGraph.BATCH_NORMALISATION)) {
                Operand<TFloat32> mean = output(VariableGraph.TRAINING + node.getName(), 1);
                Operand<TFloat32> variance = output(VariableGraph.TRAINING + node.getName(), 2);
                for (String prefix : settings.averages() ? List.of("", VariableGraph.AVERAGE) : List.of("")) {
                    addMove(tf, prefix + node.getInput(VariableGraph.MEAN_INPUT), mean, movingRate);
                    addMove(tf, prefix + node.getInput(VariableGraph.VARIANCE_INPUT), variance, movingRate);
                }
            }
        }
    }

    private void addAssignments(Ops tf, Parameter parameter) {
        for (String name : VariableGraph.namesOf(parameter, settings)) {
            Operand<TFloat32> value = tf.placeholder(TFloat32.class, Placeholder.shape(parameter.shape()));
            shapes.put(name, parameter.shape());
            values.put(name, value);
            assignments.put(name, tf.assign(output(name, 0), value));
        }
    }

    /**
     * Assigns everything in one run, since TensorFlow searches the whole graph for each new combination of feeds and
     * fetches.
     */
    private void assign(Map<String, float[]> newValues) {
        List<TFloat32> tensors = new ArrayList<>();
        Session.Runner runner = session.runner();
        try {
            newValues.forEach((name, array) -> {
                TFloat32 tensor = TFloat32.tensorOf(shapes.get(name), DataBuffers.of(array, true, false));
                tensors.add(tensor);
                runner.feed(values.get(name), tensor).addTarget(assignments.get(name));
            });
            runner.run().close();
        } finally {
            tensors.forEach(TFloat32::close);
        }
    }

    /** All variables by name, except the base's, which every run takes from the base again. */
    public Map<String, float[]> state() {
        List<String> names = stateNames();
        return read(names, names);
    }

    private List<String> stateNames() {
        return shapes.keySet().stream()
                .filter(name -> !name.startsWith(VariableGraph.BASE))
                .toList();
    }

    /** @throws IllegalArgumentException if these are not this graph's variables */
    public void restore(Map<String, float[]> state) {
        if (!state.keySet().equals(Set.copyOf(stateNames()))) {
            throw new IllegalArgumentException("the checkpoint belongs to another network: it has " + state.size()
                    + " tensors, not " + stateNames().size() + ", or others");
        }
        assign(state);
    }

    /** The network's constants in their published form. */
    public Map<String, float[]> published(NetworkGraph network) {
        List<String> names = network.parameters().stream().map(Parameter::name).toList();
        String prefix = settings.averages() ? VariableGraph.AVERAGE : "";
        return read(names, names.stream().map(name -> prefix + name).toList());
    }

    /** @param variables their values are returned under the names at the same positions */
    private Map<String, float[]> read(List<String> names, List<String> variables) {
        Session.Runner runner = session.runner();
        variables.forEach(runner::fetch);
        Map<String, float[]> read = new LinkedHashMap<>();
        try (Result result = runner.run()) {
            for (int i = 0; i < names.size(); i++) {
                TFloat32 tensor = (TFloat32) result.get(i);
                float[] array = new float[Math.toIntExact(tensor.size())];
                tensor.asRawTensor().data().asFloats().read(array);
                read.put(names.get(i), array);
            }
        }
        return read;
    }

    /** @param number of the step, from 1 */
    public TrainingStep step(TrainingBatch batch, double learningRate, long number) {
        try (TUint8 images = Tensors.images(batch.pixels(), batch.size());
                TFloat32 stepRate = TFloat32.scalarOf((float) learningRate);
                TFloat32 first = TFloat32.scalarOf((float) Math.pow(BETA1, number));
                TFloat32 second = TFloat32.scalarOf((float) Math.pow(BETA2, number));
                TFloat32 averaged = TFloat32.scalarOf((float) (1 - settings.averageKept(number)));
                TFloat32 moved = TFloat32.scalarOf((float) Math.max(1 - MOVING_AVERAGE, 1.0 / number))) {
            Session.Runner runner = session.runner()
                    .feed(VariableGraph.TRAINING + NetworkGraph.INPUT, images)
                    .feed(rate, stepRate)
                    .feed(firstPower, first)
                    .feed(secondPower, second)
                    .feed(averageRate, averaged)
                    .feed(movingRate, moved)
                    .fetch(loss.sum())
                    .fetch(loss.triplets().loss())
                    .fetch(loss.triplets().active())
                    .fetch(gradientNorm)
                    .fetch(unitVectors);
            updates.forEach(runner::addTarget);
            try (Result result = loss.run(runner, batch)) {
                return new TrainingStep(
                        Tensors.scalar(result, 0),
                        Tensors.scalar(result, 1),
                        Tensors.scalar(result, 2),
                        Tensors.scalar(result, 3),
                        Tensors.rows(result, 4));
            }
        }
    }

    /**
     * The unit vectors of photos under the published form of the network.
     *
     * @param pixels direct, starts with {@code [count, 112, 112, 3]}, RGB
     */
    public float[][] embed(ByteBuffer pixels, int count) {
        try (TUint8 images = Tensors.images(pixels, count);
                Result result = session.runner()
                        .feed(NetworkGraph.INPUT, images)
                        .fetch(publishedUnitVectors)
                        .run()) {
            return Tensors.rows(result, 0);
        }
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
