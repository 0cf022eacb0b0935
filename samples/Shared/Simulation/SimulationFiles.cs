using System.Buffers;
using System.Text.Json;

namespace IotOps.Samples.Simulation;

/// <summary>A simulation as files, one message a line, in the shapes that FleetTool reads.</summary>
public static class SimulationFiles
{
    /// <summary>What devices measured.</summary>
    public const string Telemetry = "telemetry.jsonl";

    /// <summary>Lifecycle events as they arrive: some late, some twice.</summary>
    public const string Lifecycle = "lifecycle.jsonl";

    /// <summary>Reports to Device Defender, each with its topic.</summary>
    public const string Reports = "defender.jsonl";

    /// <summary>Entries of AWSIotLogsV2.</summary>
    public const string Logs = "iot-logs.jsonl";

    /// <summary>The things as SearchIndex answers them at the end.</summary>
    public const string Things = "things.json";

    /// <summary>What went wrong: the ground truth.</summary>
    public const string Faults = "faults.json";

    /// <summary>The names of the files.</summary>
    public static IReadOnlyList<string> Names { get; } = [Telemetry, Lifecycle, Reports, Logs, Things, Faults];

    /// <summary>Runs a simulation into a folder, which is made when it is not there.</summary>
    /// <param name="simulation">The simulation; it runs once.</param>
    /// <param name="folder">Where the files go; files of these names are written over.</param>
    /// <param name="seed">Chooses which events are late.</param>
    /// <param name="told">Told the time that was reached, after each message.</param>
    /// <param name="cancellationToken">Ends it; the files end where they are.</param>
    /// <returns>Messages by their file.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static async Task<IReadOnlyDictionary<string, long>> WriteAsync(
        FleetSimulation simulation, string folder, int seed = 1, Action<DateTimeOffset>? told = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        Directory.CreateDirectory(folder);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal) { [Telemetry] = 0, [Lifecycle] = 0, [Reports] = 0, [Logs] = 0 };
        var files = new Dictionary<string, Stream>(StringComparer.Ordinal);
        try
        {
            foreach (string name in counts.Keys)
            {
                files[name] = new FileStream(Path.Combine(folder, name), FileMode.Create, FileAccess.Write, FileShare.Read, 64 << 10);
            }

            foreach (SimulatedMessage message in DisorderedDelivery.Of(simulation.Run(), seed))
            {
                cancellationToken.ThrowIfCancellationRequested();
                string name = FileOf(message);
                counts[name]++;
                Write(files[name], message);
                told?.Invoke(message.Time);
            }
        }
        finally
        {
            foreach (Stream file in files.Values)
            {
                await file.DisposeAsync();
            }
        }

        await File.WriteAllTextAsync(Path.Combine(folder, Things), $"[{string.Join(",\n", simulation.Things())}]\n", cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, Faults), Json(json => WriteFaults(json, simulation.Faults)), cancellationToken);
        return counts;
    }

    /// <summary>Writes faults as an array of objects.</summary>
    public static void WriteFaults(Utf8JsonWriter json, IEnumerable<SimulatedFault> faults)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(faults);
        json.WriteStartArray();
        foreach (SimulatedFault fault in faults)
        {
            json.WriteStartObject();
            WriteFault(json, fault);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the members of a fault.</summary>
    public static void WriteFault(Utf8JsonWriter json, SimulatedFault fault)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(fault);
        json.WriteString("fault"u8, fault.Kind.ToString());
        json.WriteString("start"u8, fault.Start);
        json.WriteString("end"u8, fault.End);
        if (fault.Region is { } region)
        {
            json.WriteString("region"u8, region);
        }

        json.WriteStartArray("devices"u8);
        foreach (string device in fault.Devices)
        {
            json.WriteStringValue(device);
        }

        json.WriteEndArray();
    }

    private static string FileOf(SimulatedMessage message) => message.Kind switch
    {
        SimulatedMessageKind.Telemetry => Telemetry,
        SimulatedMessageKind.Report => Reports,
        SimulatedMessageKind.Log => Logs,
        _ => Lifecycle,
    };

    private static void Write(Stream file, SimulatedMessage message)
    {
        if (message.Kind == SimulatedMessageKind.Report)
        {
            file.Write(Json(json =>
            {
                json.WriteStartObject();
                json.WriteString("topic"u8, message.Topic);
                json.WriteNumber("timestamp"u8, message.Time.ToUnixTimeMilliseconds());
                json.WritePropertyName("payload"u8);
                json.WriteRawValue(message.Payload.Span);
                json.WriteEndObject();
            }));
        }
        else
        {
            file.Write(message.Payload.Span);
        }

        file.WriteByte((byte)'\n');
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(bytes))
        {
            write(json);
        }

        return bytes.WrittenSpan.ToArray();
    }
}
