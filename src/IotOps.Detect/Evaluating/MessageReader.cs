using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IotOps.Defender;
using IotOps.Fleet;

namespace IotOps.Detect.Evaluating;

/// <summary>Tells the kinds of messages on the queue apart, in one pass over the outer object, and reads each.</summary>
internal static class MessageReader
{
    private const int MaxThingName = 128;

    // IotLogReader is for one thread at a time, and pools texts that come again and again.
    [ThreadStatic]
    private static IotLogReader? _logs;

    public static DetectMessage Read(ReadOnlyMemory<byte> body)
    {
        var members = default(MessageMembers);
        try
        {
            members = MessageMembers.Read(body.Span);
            return members switch
            {
                { Report: { } report } => Report(body.Span, report, members),
                { IsMessage: true } => Message(members),
                { EventType: "connected" or "disconnected" or "connect_failed" or "subscribed" or "unsubscribed" } => Lifecycle(body.Span),
                { EventType: not null } => Log(body.Span, eventTime: null) ?? throw new FormatException("The log entry has no clientId or no time."),
                _ => throw new FormatException("It is not a message of a Detect rule: it has neither report, sender, receiver nor eventType."),
            };
        }
        catch (JsonException e)
        {
            throw new FormatException($"The message is not JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("A text of the message has half of a surrogate pair, or is not UTF-8.", e);
        }
    }

    public static IReadOnlyList<DetectMessage> ReadAll(ReadOnlyMemory<byte> body)
    {
        if (!IsEnvelope(body.Span))
        {
            return [Read(body)];
        }

        List<DetectMessage> messages = [];
        foreach (IotLogLine line in IotLogEnvelope.Parse(body).Lines)
        {
            if (Log(line.Message.Span, line.Time) is { } message)
            {
                messages.Add(message);
            }
        }

        return messages;
    }

    private static bool IsEnvelope(ReadOnlySpan<byte> body) =>
        body.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])
        || (body[..Math.Min(body.Length, 4096)].IndexOf("\"report\""u8) < 0 && (body.IndexOf("\"logEvents\""u8) >= 0 || body.IndexOf("\"awslogs\""u8) >= 0));

    private static DetectMessage Report(ReadOnlySpan<byte> body, Range at, in MessageMembers members)
    {
        string thing = Name(members.Thing, "thing");
        DateTimeOffset time = Time(members.Time);
        ReadOnlySpan<byte> report = body[at];
        if (report[0] == '{')
        {
            return new DetectMessage(thing, new ReportEvent(DefenderReport.Parse(report, DefenderFormat.Json), time));
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(report.Length);
        try
        {
            int length = Decode(report, bytes);
            DefenderFormat format = IsJson(bytes.AsSpan(0, length)) ? DefenderFormat.Json : DefenderFormat.Cbor;
            return new DetectMessage(thing, new ReportEvent(DefenderReport.Parse(bytes.AsSpan(0, length), format), time));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    // The text with its quotes. Base64 has slashes, which some writers of JSON escape.
    private static int Decode(ReadOnlySpan<byte> quoted, Span<byte> bytes)
    {
        ReadOnlySpan<byte> text = quoted[1..^1];
        if (text.IndexOf((byte)'\\') >= 0)
        {
            var reader = new Utf8JsonReader(quoted);
            reader.Read();
            text = Encoding.UTF8.GetBytes(reader.GetString()!);
        }

        return Base64.DecodeFromUtf8(text, bytes, out int consumed, out int written) == OperationStatus.Done && consumed == text.Length
            ? written
            : throw new FormatException("report is not base64.");
    }

    // JSON begins with '{' or blanks; a map of CBOR with a byte from A0 on.
    private static bool IsJson(ReadOnlySpan<byte> bytes) => bytes.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    private static DetectMessage Message(in MessageMembers members)
    {
        bool isReceived = members.Receiver is not null;
        string thing = Name(members.Receiver ?? members.Sender, isReceived ? "receiver" : "sender");
        long length = members.Base64 ?? throw new FormatException("A message's event has a whole number base64, the length of its payload in base64.");
        long padding = members.Padding ?? -1;
        if (length is < 0 or > 1 << 20 || length % 4 != 0 || padding < -1 || padding >= length)
        {
            throw new FormatException($"base64 ({length}) and padding ({padding}) are of no message: a length is a multiple of 4 and at most 1 MiB, and '=' lies inside.");
        }

        string id = members.Id ?? throw new FormatException("A message's event has a text id.");
        return new DetectMessage(thing, new MessageEvent(isReceived, (padding < 0 ? length : padding) * 3 / 4, id, Time(members.Time)));
    }

    private static DetectMessage Lifecycle(ReadOnlySpan<byte> body)
    {
        LifecycleEvent lifecycle = LifecycleEvent.Parse(body);
        return new DetectMessage(Name(lifecycle.ThingName ?? lifecycle.ClientId, "clientId"), new ConnectionEvent(lifecycle));
    }

    private static DetectMessage? Log(ReadOnlySpan<byte> line, DateTimeOffset? eventTime)
    {
        IotLogEntry entry = (_logs ??= new IotLogReader()).Read(line, eventTime);
        if (entry is not { ClientId: { Length: >= 1 and <= MaxThingName } client, EventType: not null, Time: { } time })
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line, hash);
        return new DetectMessage(client, new LogEvent(entry, Convert.ToHexStringLower(hash[..16]), time));
    }

    private static string Name(string? name, string member) =>
        name is { Length: >= 1 and <= MaxThingName } ? name : throw new FormatException($"{member} is a text of 1-{MaxThingName} characters.");

    private static DateTimeOffset Time(long? milliseconds) =>
        milliseconds is > 0 and < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.Value)
            : throw new FormatException("time is a number of milliseconds since 1970.");
}
