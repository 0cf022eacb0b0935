using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IotOps.Fleet.Selectors;

/// <summary>Writes selectors as <c>put-event-selectors</c> takes them.</summary>
internal static class SelectorWriter
{
    // The text goes to a file or a shell, not into HTML; escapes would only make it hard to read.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(IReadOnlyList<EventSelector> selectors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartArray();
            foreach (EventSelector selector in selectors)
            {
                Write(json, selector);
            }

            json.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, EventSelector selector)
    {
        json.WriteStartObject();
        if (selector.Name is not null)
        {
            json.WriteString("Name"u8, selector.Name);
        }

        json.WriteStartArray("FieldSelectors"u8);
        foreach (EventFieldSelector field in selector.Fields)
        {
            json.WriteStartObject();
            json.WriteString("Field"u8, field.Field);
            foreach (SelectorOperator op in SelectorOperator.All)
            {
                if (op.ValuesOf(field) is { } values)
                {
                    json.WriteStartArray(op.Name);
                    foreach (string value in values)
                    {
                        json.WriteStringValue(value);
                    }

                    json.WriteEndArray();
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
