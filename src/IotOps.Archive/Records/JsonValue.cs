using System.Text.Json;

namespace IotOps.Archive.Records;

/// <summary>A value of a record, as it is written.</summary>
internal readonly ref struct JsonValue
{
    private JsonValue(JsonTokenType kind, ReadOnlySpan<byte> bytes, bool isEscaped)
    {
        Kind = kind;
        Bytes = bytes;
        IsEscaped = isEscaped;
    }

    /// <summary><see cref="JsonTokenType.String"/>, <see cref="JsonTokenType.Number"/>, or <see cref="JsonTokenType.None"/> for what is neither.</summary>
    public JsonTokenType Kind { get; }

    /// <summary>A number's characters, a string's between its quotes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>True when a string has backslashes.</summary>
    public bool IsEscaped { get; }

    /// <summary>An object, an array, <c>true</c>, <c>null</c> ...</summary>
    public static JsonValue Other => default;

    public static JsonValue String(ReadOnlySpan<byte> content, bool isEscaped) => new(JsonTokenType.String, content, isEscaped);

    public static JsonValue Number(ReadOnlySpan<byte> content) => new(JsonTokenType.Number, content, isEscaped: false);

    /// <summary>True for this string, or a number that is written so.</summary>
    public bool IsText(ReadOnlySpan<byte> text) => Kind switch
    {
        JsonTokenType.Number => Bytes.SequenceEqual(text),
        JsonTokenType.String => IsEscaped ? IsUnescaped(text) : Bytes.SequenceEqual(text),
        _ => false,
    };

    private bool IsUnescaped(ReadOnlySpan<byte> text)
    {
        Span<byte> plain = stackalloc byte[512];
        return Bytes.Length <= plain.Length && TryUnescape(plain, out int length) && plain[..length].SequenceEqual(text);
    }

    /// <summary>A string without its escapes; false when they are none of JSON's, or it does not fit.</summary>
    public bool TryUnescape(Span<byte> target, out int length)
    {
        length = 0;
        if (Bytes.Length > target.Length)
        {
            return false;
        }

        // The reader wants the quotes, too.
        Span<byte> quoted = stackalloc byte[514];
        quoted[0] = (byte)'"';
        Bytes.CopyTo(quoted[1..]);
        quoted[Bytes.Length + 1] = (byte)'"';
        var reader = new Utf8JsonReader(quoted[..(Bytes.Length + 2)]);
        try
        {
            reader.Read();
            length = reader.CopyString(target);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A raw control character, \x, half of a surrogate pair: kept as it is where it is kept, and equal to no text.
            return false;
        }
    }
}
