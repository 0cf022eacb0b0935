using System.Text.Json;

namespace IotOps.Samples.Json5;

/// <summary>Writes a JSON5 value as JSON, for a part of a document that a library reads by itself.</summary>
internal static class Json5Writer
{
    public static byte[] ToJson(Json5Value value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value);
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, Json5Value value)
    {
        switch (value.Kind)
        {
            case Json5Kind.Null:
                writer.WriteNullValue();
                break;
            case Json5Kind.Boolean:
                writer.WriteBooleanValue(value.IsTrue);
                break;
            case Json5Kind.Number:
                WriteNumber(writer, value);
                break;
            case Json5Kind.String:
                writer.WriteStringValue(value.Text);
                break;
            case Json5Kind.Array:
                writer.WriteStartArray();
                foreach (Json5Value item in value.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartObject();
                foreach (Json5Member member in value.Members)
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, Json5Value value)
    {
        if (value.TryGetInt64(out long whole))
        {
            writer.WriteNumberValue(whole);
        }
        else if (double.IsFinite(value.Number))
        {
            writer.WriteNumberValue(value.Number);
        }
        else
        {
            // JSON has no Infinity and no NaN: as a string it is refused where a number is wanted, and says what it was.
            writer.WriteStringValue(value.Text);
        }
    }
}
