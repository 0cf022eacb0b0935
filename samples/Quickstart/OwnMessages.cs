using Microsoft.Extensions.Logging;

namespace IotOps.Samples.Quickstart;

/// <summary>What the Quickstart itself has to say, by ILogger.</summary>
internal static partial class OwnMessages
{
    /// <summary>The log stream of its messages.</summary>
    public const string Stream = "quickstart";

    /// <summary>Logs one message a file and returns their texts.</summary>
    public static IReadOnlyList<string> Write(ILoggerFactory loggers, IReadOnlyList<SnapshotFile> files)
    {
        ILogger logger = loggers.CreateLogger("Quickstart");
        foreach (SnapshotFile file in files)
        {
            LogShipping(logger, file.Stream, file.Lines.Count);
        }

        return [.. files.Select(f => $"Shipping {f.Stream}: {f.Lines.Count} lines")];
    }

    /// <summary>The provider puts level and category around a text, so a message counts as there when an event holds it.</summary>
    public static StreamCheck Compare(IReadOnlyList<string> messages, IReadOnlyList<string> received)
    {
        IEnumerable<string> found = received.Select(r => messages.FirstOrDefault(m => r.Contains(m, StringComparison.Ordinal)) ?? r);
        return StreamCheck.Compare(Stream, messages, [.. found]);
    }

    [LoggerMessage(1, LogLevel.Information, "Shipping {File}: {Lines} lines")]
    private static partial void LogShipping(ILogger logger, string file, int lines);
}
