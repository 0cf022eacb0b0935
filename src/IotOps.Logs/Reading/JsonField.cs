using System.Text;
using System.Text.Json;

namespace IotOps.Logs.Reading;

/// <summary>Finds one value in a JSON object: <c>time</c>, or <c>event.created</c> for one inside another.</summary>
internal sealed class JsonField
{
    private const int Longest = 128;

    private readonly byte[][] _names;
    private readonly byte[] _whole;
    private readonly byte[] _value = new byte[Longest];

    /// <exception cref="ArgumentException">It is empty.</exception>
    public JsonField(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new ArgumentException("The JSON field of a timestamp is empty; name one, such as time or event.created.", nameof(path));
        }

        _whole = Encoding.UTF8.GetBytes(path);
        _names = [.. path.Split('.').Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>The text of a string, or the digits of a number; empty when the event is no JSON object or has neither there.</summary>
    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        if (text is not [(byte)'{', ..])
        {
            return [];
        }

        // An event that was cut ends inside its JSON: what comes before is all the same there.
        var reader = new Utf8JsonReader(text, isFinalBlock: false, default);
        try
        {
            return _value.AsSpan(0, reader.Read() ? Copy(ref reader, 0) : 0);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private int Copy(ref Utf8JsonReader reader, int depth)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isWhole = depth == 0 && reader.ValueTextEquals(_whole);
            bool isPart = !isWhole && reader.ValueTextEquals(_names[depth]);
            if (!reader.Read())
            {
                break;
            }

            if (isWhole || (isPart && depth == _names.Length - 1))
            {
                return CopyValue(ref reader);
            }

            if (isPart && reader.TokenType == JsonTokenType.StartObject)
            {
                return Copy(ref reader, depth + 1);
            }

            if (!reader.TrySkip())
            {
                break;
            }
        }

        return 0;
    }

    private int CopyValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number) || reader.ValueSpan.Length > Longest)
        {
            return 0;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.CopyString(_value);
        }

        reader.ValueSpan.CopyTo(_value);
        return reader.ValueSpan.Length;
    }
}
