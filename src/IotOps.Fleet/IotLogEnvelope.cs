using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace IotOps.Fleet;

/// <summary>
/// What a subscription filter of CloudWatch Logs sends: gzip of an object with log events, to Kinesis and Firehose as it is, to Lambda as base64 in
/// <c>awslogs.data</c>. See https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html.
/// </summary>
/// <param name="LogGroup">The log group.</param>
/// <param name="LogStream">The log stream.</param>
/// <param name="Lines">The log events; none in a control message, by which CloudWatch Logs tries whether anybody is there.</param>
public sealed record IotLogEnvelope(string? LogGroup, string? LogStream, IReadOnlyList<IotLogLine> Lines)
{
    /// <summary>Bytes that an envelope may have when it is unpacked; CloudWatch Logs sends at most 6 MB to Lambda.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>Reads an envelope: the JSON object, its gzip, or Lambda's event with it.</summary>
    /// <exception cref="FormatException">It is none, or too large; the message says why.</exception>
    public static IotLogEnvelope Parse(ReadOnlyMemory<byte> data)
    {
        try
        {
            return Read(data, isLambda: true);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new FormatException($"This is no envelope of a subscription filter: {e.Message}", e);
        }
    }

    private static IotLogEnvelope Read(ReadOnlyMemory<byte> data, bool isLambda)
    {
        ReadOnlyMemory<byte> json = data.Span.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? Unpack(data) : data;
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        if (isLambda && root.TryGetProperty("awslogs"u8, out JsonElement logs) && logs.TryGetProperty("data"u8, out JsonElement inner))
        {
            return inner.TryGetBytesFromBase64(out byte[]? bytes) ? Read(bytes, isLambda: false) : throw new InvalidDataException("awslogs.data is no base64");
        }

        string? type = root.TryGetProperty("messageType"u8, out JsonElement kind) ? kind.GetString() : null;
        if (type is not ("DATA_MESSAGE" or "CONTROL_MESSAGE"))
        {
            throw new InvalidDataException("messageType is neither DATA_MESSAGE nor CONTROL_MESSAGE");
        }

        List<IotLogLine> lines = [];
        if (type == "DATA_MESSAGE" && root.TryGetProperty("logEvents"u8, out JsonElement events))
        {
            lines.AddRange(events.EnumerateArray().Select(Line));
        }

        return new IotLogEnvelope(Text(root, "logGroup"), Text(root, "logStream"), lines);
    }

    private static IotLogLine Line(JsonElement one)
    {
        DateTimeOffset? time = one.TryGetProperty("timestamp"u8, out JsonElement value) && value.TryGetInt64(out long milliseconds) && milliseconds is >= 0 and < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
        return new IotLogLine(Encoding.UTF8.GetBytes(Text(one, "message") ?? ""), time, Text(one, "id"));
    }

    private static string? Text(JsonElement at, string name) =>
        at.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Unpack(ReadOnlyMemory<byte> data)
    {
        using var gzip = new GZipStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var buffer = new byte[64 << 10];
        for (int read = gzip.Read(buffer); read > 0; read = gzip.Read(buffer))
        {
            if (plain.Length + read > MaxBytes)
            {
                throw new InvalidDataException($"it unpacks to more than {MaxBytes} bytes");
            }

            plain.Write(buffer, 0, read);
        }

        return plain.ToArray();
    }
}
