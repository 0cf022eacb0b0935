using System.Diagnostics;

namespace IotOps.Shared;

/// <summary>Spans that OpenTelemetry and others collect of a package's activity source.</summary>
internal static class Spans
{
    /// <summary>Begins a span that a later message ends, instead of the call that begins it: the caller's own span stays the current one.</summary>
    /// <param name="source">The package's.</param>
    /// <param name="name">What is done.</param>
    /// <param name="kind">On which side.</param>
    public static Activity? StartDetached(this ActivitySource source, string name, ActivityKind kind)
    {
        Activity? current = Activity.Current;
        Activity? span = source.StartActivity(name, kind);
        Activity.Current = current;
        return span;
    }

    /// <summary>Says that what the span is of went wrong.</summary>
    /// <param name="span">Null when nobody collects it.</param>
    /// <param name="type">The kind of error, of few different ones: a code or a type's name.</param>
    /// <param name="error">Why, without secrets.</param>
    public static void Fail(this Activity? span, string type, string error) =>
        span?.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error, error);
}
