using System.Diagnostics;
using System.Diagnostics.Metrics;
using IotOps.Aws;
using IotOps.Shared;

namespace IotOps.Archive;

/// <summary>What the exporters of a process count and trace, as the meter and the activity source <c>IotOps.Archive</c>.</summary>
internal static class ExportTelemetry
{
    private const string Name = "IotOps.Archive";
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Exports =
        Meter.CreateHistogram<double>("iotops.archive.export.duration", "s", "Exports; tags empty: true or false, and error.type of one that failed or was cancelled.");

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("iotops.archive.export.bytes", "By", "Bytes of the zips that were made.");
    private static readonly Counter<long> Objects = Meter.CreateCounter<long>("iotops.archive.export.objects", "{object}", "Objects that went into them.");
    private static readonly Counter<long> Skipped = Meter.CreateCounter<long>("iotops.archive.export.skipped", "{object}", "Objects that could not be read, and were left out.");
    private static readonly ActivitySource Source = new(Name);

    /// <summary>Does one export, counted and traced.</summary>
    public static async Task<LogExportResult> RunAsync(string? id, TimeProvider time, Func<Task<LogExportResult>> export)
    {
        using Activity? span = Source.StartActivity("archive export");
        span?.SetTag("export.id", id);
        long began = time.GetTimestamp();
        var tags = new TagList();
        try
        {
            LogExportResult result = await export().ConfigureAwait(false);
            span?.SetTag("export.bytes", result.Bytes).SetTag("export.objects", result.Objects);
            tags.Add("empty", result.IsEmpty);
            Bytes.Add(result.Bytes);
            Objects.Add(result.Objects);
            Skipped.Add(result.SkippedObjects);
            return result;
        }
        catch (Exception e)
        {
            string type = e is AwsException refused ? refused.Code : e.GetType().Name;
            tags.Add("error.type", type);
            span.Fail(type, e.Message);
            throw;
        }
        finally
        {
            Exports.Record(time.GetElapsedTime(began).TotalSeconds, tags);
        }
    }
}
