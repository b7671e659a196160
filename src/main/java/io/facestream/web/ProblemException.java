package io.facestream.web;

/** Ends a request with a problem. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /**
     * @param code in small letters, such as {@code no-picture}
     * @param title the kind of problem, in words
     * @param status HTTP's status code
     * @param detail about this request; null for none
     */
    public ProblemException(String code, String title, int status, String detail) {
        super(title + (detail == null ? "" : ": " + detail));
        this.problem = Problem.of(code, title, status, detail);
    }

    public Problem problem() {
        return problem;
    }
}
