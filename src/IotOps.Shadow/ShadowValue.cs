using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IotOps.Shadow.Documents;

namespace IotOps.Shadow;

/// <summary>
/// A JSON value of a shadow: immutable, so that a reader never sees half an edit. Equality is that of the shadow service: numbers by value,
/// objects whatever the order of their members. Safe for concurrent use.
/// </summary>
/// <remarks>Members are kept sorted by name (ordinal), and written so.</remarks>
public sealed class ShadowValue : IEquatable<ShadowValue>
{
    private const int FewMembers = 8;
    private const double LargestExact = 9_007_199_254_740_992;

    // A string's text; a number's, when its double would not be written the same; an array's items; an object's values.
    private readonly object? _content;
    private readonly string[]? _names;
    private readonly double _number;
    private readonly int _bytes;
    private readonly byte _depth;
    private readonly byte _kind;
    private readonly bool _hasNullInArray;

    private ShadowValue(JsonValueKind kind, int bytes)
    {
        _kind = (byte)kind;
        _bytes = bytes;
    }

    private ShadowValue(string text)
        : this(JsonValueKind.String, JsonText.StringBytes(text)) => _content = text;

    private ShadowValue(double number, string? text, int bytes)
        : this(JsonValueKind.Number, bytes)
    {
        _number = number;
        _content = text;
    }

    private ShadowValue(string[] names, ShadowValue[] values)
        : this(JsonValueKind.Object, 2 + Math.Max(0, names.Length - 1))
    {
        _names = names;
        _content = values;
        int deepest = 0;
        for (int i = 0; i < names.Length; i++)
        {
            _bytes += JsonText.StringBytes(names[i]) + 1 + values[i]._bytes;
            deepest = Math.Max(deepest, values[i]._depth);
            _hasNullInArray |= values[i]._hasNullInArray;
        }

        _depth = (byte)Math.Min(byte.MaxValue, names.Length == 0 ? 0 : deepest + 1);
    }

    private ShadowValue(ShadowValue[] items)
        : this(JsonValueKind.Array, 2 + Math.Max(0, items.Length - 1))
    {
        _content = items;
        foreach (ShadowValue item in items)
        {
            _bytes += item._bytes;
            _depth = Math.Max(_depth, item._depth);
            _hasNullInArray |= item._hasNullInArray || item.HasNull();
        }
    }

    /// <summary>JSON's <c>null</c>: in a patch it removes a member.</summary>
    public static ShadowValue Null { get; } = new(JsonValueKind.Null, 4);

    /// <summary>An object without members.</summary>
    public static ShadowValue EmptyObject { get; } = new([], (ShadowValue[])[]);

    private static ShadowValue True { get; } = new(JsonValueKind.True, 4);

    private static ShadowValue False { get; } = new(JsonValueKind.False, 5);

    /// <summary>What it is; never <see cref="JsonValueKind.Undefined"/>.</summary>
    public JsonValueKind Kind => (JsonValueKind)_kind;

    /// <summary>Members or items; 0 for anything else.</summary>
    public int Count => _content is ShadowValue[] values ? values.Length : 0;

    /// <summary>Names of an object's members, sorted; empty for anything else.</summary>
    public IReadOnlyList<string> Names => _names ?? [];

    /// <summary>An array's items, or the values of an object's members in the order of <see cref="Names"/>; empty for anything else.</summary>
    public IReadOnlyList<ShadowValue> Values => _content as ShadowValue[] ?? [];

    /// <summary>Bytes of its JSON without spaces, as UTF-8: what a shadow's size limit counts.</summary>
    public int ByteLength => _bytes;

    /// <summary>Levels of names below this: 0 for a value, 1 for an object of values. Arrays add none of their own.</summary>
    public int Depth => _depth;

    internal bool IsObject => Kind == JsonValueKind.Object;

    internal bool HasNullInArray => _hasNullInArray;

    internal ReadOnlySpan<string> NameSpan => _names;

    internal ReadOnlySpan<ShadowValue> ValueSpan => _content as ShadowValue[];

    /// <summary>A member of an object; null when there is none.</summary>
    /// <param name="name">Its name: one name, not a path.</param>
    public ShadowValue? this[string name] => Member(name);

    /// <summary>Text.</summary>
    public static implicit operator ShadowValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ShadowValue(value);
    }

    /// <summary>True or false.</summary>
    public static implicit operator ShadowValue(bool value) => value ? True : False;

    /// <summary>A whole number.</summary>
    public static implicit operator ShadowValue(int value) => FromInt64(value);

    /// <summary>A whole number.</summary>
    public static implicit operator ShadowValue(long value) => FromInt64(value);

    /// <summary>A number; JSON has neither infinity nor NaN.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is infinite or not a number.</exception>
    public static implicit operator ShadowValue(double value) => FromDouble(value);

    /// <summary>Text.</summary>
    public static ShadowValue FromString(string value) => value;

    /// <summary>True or false.</summary>
    public static ShadowValue FromBoolean(bool value) => value;

    /// <summary>A whole number.</summary>
    public static ShadowValue FromInt64(long value)
    {
        string text = value.ToString(CultureInfo.InvariantCulture);
        return new ShadowValue(value, Math.Abs((double)value) < LargestExact ? null : text, text.Length);
    }

    /// <summary>A number; JSON has neither infinity nor NaN.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is infinite or not a number.</exception>
    public static ShadowValue FromDouble(double value) =>
        double.IsFinite(value)
            ? new ShadowValue(value, null, value.ToString("R", CultureInfo.InvariantCulture).Length)
            : throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has no such number; leave the member out, or give it as text.");

    /// <summary>An object; of a name given twice the last counts.</summary>
    public static ShadowValue FromMembers(IEnumerable<KeyValuePair<string, ShadowValue>> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        List<string> names = [];
        List<ShadowValue> values = [];
        foreach (KeyValuePair<string, ShadowValue> member in members)
        {
            names.Add(member.Key);
            values.Add(member.Value);
        }

        return FromUnsorted(names, values);
    }

    /// <summary>An array.</summary>
    public static ShadowValue FromItems(IEnumerable<ShadowValue> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new ShadowValue([.. items]);
    }

    /// <summary>What a source-generated serialiser makes of a value.</summary>
    public static ShadowValue From<T>(T value, JsonTypeInfo<T> typeInfo) => Parse(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo));

    /// <summary>Reads JSON; of a name given twice the last counts.</summary>
    /// <exception cref="JsonException">It is not JSON, or nests deeper than 64 levels.</exception>
    public static ShadowValue Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Reads JSON; of a name given twice the last counts.</summary>
    /// <exception cref="JsonException">It is not JSON, or nests deeper than 64 levels.</exception>
    public static ShadowValue Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            ShadowValue value = Read(ref reader);
            if (reader.Read())
            {
                throw new JsonException("There is more than one JSON value.");
            }

            return value;
        }
        catch (InvalidOperationException e)
        {
            // The reader says so of text that is no Unicode.
            throw new JsonException("A JSON string is not valid Unicode.", e);
        }
    }

    /// <summary>Finds a value by its path, without allocating.</summary>
    /// <param name="path">Names separated by <c>/</c>, as a JSON pointer (RFC 6901) whose first slash may be left out; numbers index arrays; empty is this value.</param>
    /// <param name="value">What is there.</param>
    public bool TryGet(string path, [NotNullWhen(true)] out ShadowValue? value)
    {
        ArgumentNullException.ThrowIfNull(path);
        value = ShadowPath.Find(this, path);
        return value is not null;
    }

    /// <summary>A string's text.</summary>
    /// <exception cref="InvalidOperationException">It is no string.</exception>
    public string GetString() => Kind == JsonValueKind.String ? (string)_content! : throw IsNot("a string");

    /// <summary>A number, as near as a double gets.</summary>
    /// <exception cref="InvalidOperationException">It is no number.</exception>
    public double GetDouble() => Kind == JsonValueKind.Number ? _number : throw IsNot("a number");

    /// <summary>A whole number.</summary>
    /// <exception cref="InvalidOperationException">It is no whole number of 64 bits.</exception>
    public long GetInt64() => TryGetInt64(out long value) ? value : throw IsNot("a whole number of 64 bits");

    /// <summary>True or false.</summary>
    /// <exception cref="InvalidOperationException">It is neither.</exception>
    public bool GetBoolean() => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw IsNot("true or false"),
    };

    /// <summary>A whole number; false when it is none, or does not fit.</summary>
    public bool TryGetInt64(out long value)
    {
        value = 0;
        if (Kind != JsonValueKind.Number)
        {
            return false;
        }

        if (Math.Abs(_number) < LargestExact)
        {
            value = (long)_number;
            return value == _number;
        }

        return long.TryParse(_content as string, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>What a source-generated serialiser reads from it.</summary>
    /// <exception cref="JsonException">It does not fit the type.</exception>
    public T? Deserialize<T>(JsonTypeInfo<T> typeInfo) => JsonSerializer.Deserialize(ToUtf8Bytes(), typeInfo);

    /// <summary>Writes it as JSON.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        switch (Kind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                for (int i = 0; i < Count; i++)
                {
                    writer.WritePropertyName(NameSpan[i]);
                    ValueSpan[i].WriteTo(writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (ShadowValue item in ValueSpan)
                {
                    item.WriteTo(writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue((string)_content!);
                break;
            case JsonValueKind.Number when _content is string text:
                writer.WriteRawValue(text, skipInputValidation: true);
                break;
            case JsonValueKind.Number:
                writer.WriteNumberValue(_number);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBooleanValue(Kind == JsonValueKind.True);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    /// <summary>Its JSON, without spaces.</summary>
    public byte[] ToUtf8Bytes()
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(64, _bytes));
        using (var writer = new Utf8JsonWriter(buffer, JsonText.Compact))
        {
            WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Its JSON, without spaces.</summary>
    public override string ToString() => Encoding.UTF8.GetString(ToUtf8Bytes());

    /// <inheritdoc/>
    public bool Equals(ShadowValue? other)
    {
        if (other is null || ReferenceEquals(this, other))
        {
            return other is not null;
        }

        if (_kind != other._kind || Count != other.Count || !NameSpan.SequenceEqual(other.NameSpan))
        {
            return false;
        }

        return Kind switch
        {
            JsonValueKind.Number => NumberEquals(other),
            JsonValueKind.String => (string)_content! == (string)other._content!,
            _ => ValueSpan.SequenceEqual(other.ValueSpan),
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ShadowValue);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        JsonValueKind.Number => _number.GetHashCode(),
        JsonValueKind.String => string.GetHashCode((string)_content!, StringComparison.Ordinal),
        _ => HashCode.Combine(_kind, Count, Count > 0 ? ValueSpan[0].GetHashCode() : 0),
    };

    internal ShadowValue? Member(ReadOnlySpan<char> name)
    {
        ReadOnlySpan<string> names = NameSpan;
        if (names.Length <= FewMembers)
        {
            // Telling names apart by their lengths first is faster than ordering them.
            for (int i = 0; i < names.Length; i++)
            {
                if (names[i].Length == name.Length && name.SequenceEqual(names[i]))
                {
                    return ValueSpan[i];
                }
            }

            return null;
        }

        int low = 0;
        int high = names.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            int order = names[middle].AsSpan().SequenceCompareTo(name);
            if (order == 0)
            {
                return ValueSpan[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <summary>An object of names that are sorted already.</summary>
    internal static ShadowValue FromSorted(string[] names, ShadowValue[] values) =>
        names.Length == 0 ? EmptyObject : new ShadowValue(names, values);

    private static ShadowValue FromUnsorted(List<string> names, List<ShadowValue> values)
    {
        string[] sorted = [.. names];
        int[] order = new int[sorted.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        // Insertion sort: it is stable, documents are small, and what the service sends is often sorted.
        for (int i = 1; i < sorted.Length; i++)
        {
            string name = sorted[i];
            int at = i;
            for (; at > 0 && string.CompareOrdinal(sorted[at - 1], name) > 0; at--)
            {
                sorted[at] = sorted[at - 1];
                order[at] = order[at - 1];
            }

            (sorted[at], order[at]) = (name, i);
        }

        int count = 0;
        ShadowValue[] ordered = new ShadowValue[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i + 1 < sorted.Length && sorted[i + 1] == sorted[i])
            {
                continue;
            }

            sorted[count] = sorted[i];
            ordered[count++] = values[order[i]];
        }

        return count == sorted.Length ? FromSorted(sorted, ordered) : FromSorted(sorted[..count], ordered[..count]);
    }

    private static ShadowValue Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                List<string> names = [];
                List<ShadowValue> values = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    names.Add(reader.GetString()!);
                    reader.Read();
                    values.Add(Read(ref reader));
                }

                return FromUnsorted(names, values);
            case JsonTokenType.StartArray:
                List<ShadowValue> items = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader));
                }

                return new ShadowValue([.. items]);
            case JsonTokenType.String:
                return new ShadowValue(reader.GetString()!);
            case JsonTokenType.Number:
                return ReadNumber(ref reader);
            case JsonTokenType.True or JsonTokenType.False:
                return reader.TokenType == JsonTokenType.True;
            default:
                return Null;
        }
    }

    private static ShadowValue ReadNumber(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> raw = reader.ValueSpan;

        // Not the reader's own GetDouble, which is one step off for some numbers of 17 digits and more: equal numbers would not be equal here.
        double number = double.Parse(raw, NumberStyles.Float, CultureInfo.InvariantCulture);
        Span<byte> shortest = stackalloc byte[32];
        bool isSame = number.TryFormat(shortest, out int length, default, CultureInfo.InvariantCulture) && raw.SequenceEqual(shortest[..length]);
        return new ShadowValue(number, isSame ? null : Encoding.UTF8.GetString(raw), raw.Length);
    }

    private bool NumberEquals(ShadowValue other)
    {
        if (_number != other._number || (_content is null && other._content is null))
        {
            return _number == other._number;
        }

        // Numbers of many digits can share a double and differ.
        return NumberText.AreEqual(Digits, other.Digits);
    }

    private string Digits => _content as string ?? _number.ToString("R", CultureInfo.InvariantCulture);

    private bool HasNull()
    {
        if (Kind == JsonValueKind.Null)
        {
            return true;
        }

        foreach (ShadowValue value in ValueSpan)
        {
            if (value.HasNull())
            {
                return true;
            }
        }

        return false;
    }

    private InvalidOperationException IsNot(string what) => new($"The value is {Kind}, not {what}.");
}
