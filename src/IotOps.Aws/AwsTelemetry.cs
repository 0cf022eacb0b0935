using System.Diagnostics;
using System.Diagnostics.Metrics;
using IotOps.Shared;

namespace IotOps.Aws;

/// <summary>What the clients of a process count and trace, as the meter and the activity source <c>IotOps.Aws</c>.</summary>
internal static class AwsTelemetry
{
    private const string Name = "IotOps.Aws";
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Calls =
        Meter.CreateHistogram<double>("iotops.aws.call.duration", "s", "Calls of AWS services, with their retries; tags service, and error.type of one that failed.");

    private static readonly Counter<long> Attempts =
        Meter.CreateCounter<long>("iotops.aws.attempts", "{request}", "Requests sent for these calls, repetitions included; tag service.");

    private static readonly Counter<long> Refreshes =
        Meter.CreateCounter<long>("iotops.aws.credentials.refreshes", "{refresh}", "Times that a device asked for keys by its certificate; tag error.type of one that failed.");

    private static readonly ActivitySource Source = new(Name);

    /// <summary>A request is sent.</summary>
    public static void Attempt(string service) => Attempts.Add(1, new KeyValuePair<string, object?>("service", service));

    /// <summary>Keys were asked for.</summary>
    /// <param name="error">Why there are none; null when there are.</param>
    public static void Refreshed(string? error) => Refreshes.Add(1, Tags(null, error));

    /// <summary>Makes a call, counted and traced.</summary>
    public static async Task<T> CallAsync<T>(string service, string operation, TimeProvider time, Func<Task<T>> call)
    {
        using Activity? span = Source.StartActivity("aws call", ActivityKind.Client);
        span?.SetTag("rpc.system", "aws-api").SetTag("rpc.service", service).SetTag("rpc.method", operation);
        long began = time.GetTimestamp();
        string? error = null;
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            error = e is AwsException refused ? refused.Code : e.GetType().Name;
            span.Fail(error, e.Message);
            throw;
        }
        finally
        {
            Calls.Record(time.GetElapsedTime(began).TotalSeconds, Tags(service, error));
        }
    }

    private static TagList Tags(string? service, string? error)
    {
        var tags = new TagList();
        if (service is not null)
        {
            tags.Add("service", service);
        }

        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        return tags;
    }
}
