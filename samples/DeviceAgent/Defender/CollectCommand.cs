using System.Buffers;
using System.Text;
using System.Text.Json;
using IotOps.Defender;
using IotOps.Samples.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Samples.DeviceAgent.Defender;

/// <summary>Prints what would be reported to Device Defender, without reporting it.</summary>
internal static class CollectCommand
{
    public static Command Command { get; } = new()
    {
        Name = "collect",
        Summary = "Measure this machine and print Device Defender reports; nothing is sent. JSON comes indented, CBOR as one line of hexadecimal.",
        Options =
        [
            new("-n", "NUMBER", "How many reports, 1 by default."),
            new("-s", "SECONDS", "Time between them, 1 by default; the first has no traffic, because there is nothing to compare with."),
            new("--format", "FORMAT", "json (the default) or cbor."),
            new("--names", "NAMES", "long (the default) or short."),
            new("--config", "FILE", "An agent's configuration: its 'defender' section says what to measure."),
            new("--json", null, "Print each JSON report on one line."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        int number = arguments.Integer("-n", 1, int.MaxValue) ?? 1;
        TimeSpan interval = TimeSpan.FromSeconds(arguments.Integer("-s", 1, 86_400) ?? 1);
        DefenderFormat format = Word(arguments, "--format", "json", "cbor") ? DefenderFormat.Cbor : DefenderFormat.Json;
        DefenderNames names = Word(arguments, "--names", "long", "short") ? DefenderNames.ShortNames : DefenderNames.LongNames;
        DefenderConfig? config = arguments["--config"] is { } path ? AgentConfigFile.Read(path).Defender : null;
        MetricsCollector collector = AgentCollector.Of(config, stateFile: null, NullLoggerFactory.Instance);

        using var signals = new ShutdownSignals();
        var builder = new DefenderReportBuilder();
        var payload = new ArrayBufferWriter<byte>();
        long id = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        for (int i = 0; i < number; i++)
        {
            if (i > 0 && !await WaitAsync(interval, signals.Requested))
            {
                return 0;
            }

            MetricsSample sample = collector.Collect(builder);
            payload.ResetWrittenCount();
            builder.WriteTo(payload, id + i, format, names);
            Console.WriteLine(Text(payload.WrittenMemory, format, oneLine: arguments.Has("--json")));
            collector.Accept(sample); // the next report says what came since this one
        }

        return 0;
    }

    private static string Text(ReadOnlyMemory<byte> payload, DefenderFormat format, bool oneLine)
    {
        if (format == DefenderFormat.Cbor || oneLine)
        {
            return format == DefenderFormat.Cbor ? Convert.ToHexString(payload.Span) : Encoding.UTF8.GetString(payload.Span);
        }

        using JsonDocument document = JsonDocument.Parse(payload);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    // True for the second word.
    private static bool Word(CommandArguments arguments, string option, string first, string second)
    {
        string text = arguments[option] ?? first;
        return text == second || (text == first ? false : throw new UsageException($"{option} must be {first} or {second}, not '{text}'"));
    }

    private static async Task<bool> WaitAsync(TimeSpan time, CancellationToken stop)
    {
        try
        {
            await Task.Delay(time, TimeProvider.System, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
