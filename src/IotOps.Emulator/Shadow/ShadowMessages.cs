using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Shadow;

/// <summary>
/// What the service answers and tells. See
/// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html#device-shadow-example-response-json.
/// </summary>
internal static class ShadowMessages
{
    public static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>get/accepted: the whole document, and the delta within its state.</summary>
    public static byte[] Document(ShadowDocument document, long timestamp, string? clientToken) => Write(json =>
    {
        WriteDocument(json, document, document.Delta);
        WriteEnd(json, document.Version, timestamp, clientToken);
    });

    /// <summary>update/accepted: the update as it was sent, and the metadata of what it set.</summary>
    public static byte[] Accepted(ShadowUpdate update, ShadowDocument document, long timestamp) => Write(json =>
    {
        json.WritePropertyName("state"u8);
        update.State.WriteTo(json);
        json.WriteStartObject("metadata"u8);
        foreach (string section in (ReadOnlySpan<string>)["desired", "reported"])
        {
            if (update.Section(section) is { } patch && ShadowNode.Merge(current: null, patch, timestamp) is { } set)
            {
                json.WritePropertyName(section);
                set.WriteMetadata(json);
            }
        }

        json.WriteEndObject();
        WriteEnd(json, document.Version, timestamp, update.ClientToken);
    });

    /// <summary>update/delta.</summary>
    public static byte[] Delta(ShadowNode delta, ShadowDocument document, long timestamp, string? clientToken) => Write(json =>
    {
        json.WriteNumber("version"u8, document.Version);
        json.WriteNumber("timestamp"u8, timestamp);
        json.WritePropertyName("state"u8);
        delta.WriteState(json);
        json.WritePropertyName("metadata"u8);
        delta.WriteMetadata(json);
        WriteToken(json, clientToken);
    });

    /// <summary>update/documents: before and after.</summary>
    public static byte[] Documents(ShadowDocument previous, ShadowDocument current, long timestamp, string? clientToken) => Write(json =>
    {
        foreach ((string name, ShadowDocument document) in new[] { ("previous", previous), ("current", current) })
        {
            json.WriteStartObject(name);
            WriteDocument(json, document, delta: null);
            json.WriteNumber("version"u8, document.Version);
            json.WriteEndObject();
        }

        json.WriteNumber("timestamp"u8, timestamp);
        WriteToken(json, clientToken);
    });

    /// <summary>delete/accepted.</summary>
    public static byte[] Deleted(long version, long timestamp, string? clientToken) => Write(json => WriteEnd(json, version, timestamp, clientToken));

    /// <summary>Any /rejected.</summary>
    public static byte[] Rejected(Refusal refusal, long timestamp, string? clientToken) => Write(json =>
    {
        json.WriteNumber("code"u8, refusal.Status);
        json.WriteString("message"u8, refusal.Message);
        json.WriteNumber("timestamp"u8, timestamp);
        WriteToken(json, clientToken);
    });

    /// <summary>ListNamedShadowsForThing.</summary>
    public static byte[] Names(IEnumerable<string> names, string? nextToken, long timestamp) => Write(json =>
    {
        json.WriteStartArray("results"u8);
        foreach (string name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        if (nextToken is not null)
        {
            json.WriteString("nextToken"u8, nextToken);
        }

        json.WriteNumber("timestamp"u8, timestamp);
    });

    private static void WriteDocument(Utf8JsonWriter json, ShadowDocument document, ShadowNode? delta)
    {
        json.WriteStartObject("state"u8);
        WriteSections(json, document, static (node, target) => node.WriteState(target));
        if (delta is not null)
        {
            json.WritePropertyName("delta"u8);
            delta.WriteState(json);
        }

        json.WriteEndObject();
        json.WriteStartObject("metadata"u8);
        WriteSections(json, document, static (node, target) => node.WriteMetadata(target));
        json.WriteEndObject();
    }

    private static void WriteSections(Utf8JsonWriter json, ShadowDocument document, Action<ShadowNode, Utf8JsonWriter> write)
    {
        if (document.Desired is { } desired)
        {
            json.WritePropertyName("desired"u8);
            write(desired, json);
        }

        if (document.Reported is { } reported)
        {
            json.WritePropertyName("reported"u8);
            write(reported, json);
        }
    }

    private static void WriteEnd(Utf8JsonWriter json, long version, long timestamp, string? clientToken)
    {
        json.WriteNumber("version"u8, version);
        json.WriteNumber("timestamp"u8, timestamp);
        WriteToken(json, clientToken);
    }

    private static void WriteToken(Utf8JsonWriter json, string? clientToken)
    {
        if (clientToken is not null)
        {
            json.WriteString("clientToken"u8, clientToken);
        }
    }

    private static byte[] Write(Action<Utf8JsonWriter> body)
    {
        var target = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(target, Format);
        json.WriteStartObject();
        body(json);
        json.WriteEndObject();
        json.Flush();
        return target.WrittenSpan.ToArray();
    }
}
