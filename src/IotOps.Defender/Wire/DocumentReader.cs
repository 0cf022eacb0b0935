using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace IotOps.Defender.Wire;

/// <summary>
/// Reads maps, lists, numbers and texts from JSON or CBOR. What is malformed or of another kind is a <see cref="FormatException"/> that says
/// at which element.
/// </summary>
/// <remarks>A container is read with the counter that its beginning returned: <c>for (long left = BeginMap(); NextName(ref left, out name);)</c>.</remarks>
internal ref struct DocumentReader
{
    private const int MaxDepth = 16;
    private const long Indefinite = -1;
    private const int MaxShownName = 64;

    private readonly bool _isCbor;
    private Utf8JsonReader _json;
    private CborReader _cbor;
    private ReadOnlySpan<byte> _name;
    private string? _repeated;
    private int _depth;

    public DocumentReader(ReadOnlySpan<byte> bytes, DefenderFormat format)
    {
        _isCbor = format == DefenderFormat.Cbor;
        if (_isCbor)
        {
            _cbor = new CborReader(bytes);
            return;
        }

        _json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        Step();
    }

    /// <summary>Begins a map.</summary>
    public long BeginMap() => _isCbor ? Begin(CborHead.Map, "no map") : Begin(JsonTokenType.StartObject, "no object");

    /// <summary>Begins a list.</summary>
    public long BeginList() => _isCbor ? Begin(CborHead.Array, "no list") : Begin(JsonTokenType.StartArray, "no list");

    /// <summary>Reads the name of the next member, whose value must be read or skipped then; false at the end of the map.</summary>
    public bool NextName(scoped ref long left, out ReadOnlySpan<byte> name)
    {
        if (!_isCbor)
        {
            Step();
            if (_json.TokenType == JsonTokenType.EndObject)
            {
                name = default;
                return false;
            }

            _name = _json.ValueIsEscaped ? Encoding.UTF8.GetBytes(JsonText()) : _json.ValueSpan;
            name = _name;
            Step();
            return true;
        }

        name = default;
        if (!NextCbor(ref left))
        {
            return false;
        }

        // A report id as a key may be a number in CBOR.
        ReadOnlySpan<byte> read = default;
        if (!_cbor.TryReadHead(out byte majorType, out ulong argument, out _)
            || majorType is not (CborHead.TextString or CborHead.UnsignedInteger)
            || (majorType == CborHead.TextString && !_cbor.TryReadContent(argument, out read)))
        {
            throw Wrong("has a member whose name cannot be read");
        }

        _name = majorType == CborHead.UnsignedInteger ? Encoding.UTF8.GetBytes(argument.ToString()) : read;
        name = _name;
        return true;
    }

    /// <summary>Moves to the next item, which must be read or skipped then; false at the end of the list.</summary>
    public bool NextItem(scoped ref long left)
    {
        if (_isCbor)
        {
            return NextCbor(ref left);
        }

        Step();
        return _json.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>An integer that is not negative.</summary>
    public long Count()
    {
        long count = Integer();
        return count >= 0 ? count : throw Wrong("is negative");
    }

    public long Integer()
    {
        if (!_isCbor)
        {
            return _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out long number) ? number : throw Wrong("is no integer");
        }

        return _cbor.TryReadHead(out byte majorType, out ulong argument, out _)
            && majorType is CborHead.UnsignedInteger or CborHead.NegativeInteger
            && argument <= long.MaxValue
            ? majorType == CborHead.UnsignedInteger ? (long)argument : ~(long)argument
            : throw Wrong("is no integer");
    }

    public double Number()
    {
        double number = 0;
        bool isNumber = _isCbor ? _cbor.TryReadNumber(out number) : _json.TokenType == JsonTokenType.Number && _json.TryGetDouble(out number);
        return isNumber ? number : throw Wrong("is no number");
    }

    public string Text() => Decoded(Utf8());

    /// <summary>Reads a text whose bytes were not checked yet: they need not be UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8()
    {
        if (!_isCbor)
        {
            return _json.TokenType != JsonTokenType.String ? throw Wrong("is no text")
                : _json.ValueIsEscaped ? Encoding.UTF8.GetBytes(JsonText())
                : _json.ValueSpan;
        }

        return _cbor.TryReadHead(out byte majorType, out ulong argument, out _)
            && majorType == CborHead.TextString
            && _cbor.TryReadContent(argument, out ReadOnlySpan<byte> content)
            ? content
            : throw Wrong("is no text");
    }

    /// <summary>The text of bytes that <see cref="Utf8"/> returned.</summary>
    public readonly string Decoded(ReadOnlySpan<byte> utf8) =>
        System.Text.Unicode.Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : throw Wrong("is no UTF-8");

    /// <summary>Reads a text that often is the one that was read here before, such as the interface of a thousand connections.</summary>
    /// <param name="isRepeated">Whether it is.</param>
    public string RepeatedText(out bool isRepeated)
    {
        ReadOnlySpan<byte> utf8 = Utf8();
        isRepeated = _repeated is not null && Ascii.Equals(utf8, _repeated);
        return isRepeated ? _repeated! : _repeated = Decoded(utf8);
    }

    /// <summary>Reads a number, or a text that is one: both are seen for report ids in answers.</summary>
    public bool TryIntegerOrDigits(out long value)
    {
        if (!_isCbor)
        {
            value = 0;
            bool isNumber = _json.TokenType == JsonTokenType.Number
                ? _json.TryGetInt64(out value)
                : _json.TokenType == JsonTokenType.String && TryDigits(_json.ValueSpan, out value);
            Skip();
            return isNumber;
        }

        CborReader here = _cbor;
        value = 0;
        bool found = here.TryReadHead(out byte majorType, out ulong argument, out _)
            && (majorType == CborHead.UnsignedInteger
                ? argument <= long.MaxValue && (value = (long)argument) >= 0
                : majorType == CborHead.TextString && here.TryReadContent(argument, out ReadOnlySpan<byte> text) && TryDigits(text, out value));
        Skip();
        return found;
    }

    public static bool TryDigits(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        return !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(text, out value, out int used) && used == text.Length;
    }

    /// <summary>Steps over a value.</summary>
    public void Skip()
    {
        if (!_isCbor)
        {
            try
            {
                _json.Skip();
            }
            catch (JsonException e)
            {
                throw new FormatException(Message("is no JSON: " + e.Message), e);
            }
        }
        else if (!_cbor.TrySkip(MaxDepth - _depth))
        {
            throw Wrong("is not well-formed, or nested too deeply");
        }
    }

    /// <summary>Makes sure that nothing follows.</summary>
    public void End()
    {
        _name = default;
        if (_isCbor ? !_cbor.IsAtEnd : TryStep())
        {
            throw Wrong("is followed by more bytes");
        }
    }

    /// <summary>The error at the element whose name was read last.</summary>
    public readonly FormatException Wrong(string what) => new(Message(what));

    private readonly string Message(string what) =>
        _name.IsEmpty ? $"The document {what}." : $"'{Encoding.UTF8.GetString(_name[..Math.Min(_name.Length, MaxShownName)])}' {what}.";

    private long Begin(byte majorType, string complaint)
    {
        if (!_cbor.TryReadHead(out byte found, out ulong count, out byte info) || found != majorType)
        {
            throw Wrong("is " + complaint);
        }

        if (++_depth > MaxDepth)
        {
            throw Wrong("is nested too deeply");
        }

        return info == CborHead.Indefinite ? Indefinite : count <= long.MaxValue ? (long)count : throw Wrong("is longer than any report");
    }

    private readonly long Begin(JsonTokenType type, string complaint) => _json.TokenType == type ? 0 : throw Wrong("is " + complaint);

    private bool NextCbor(scoped ref long left)
    {
        if (left == Indefinite ? _cbor.TryReadBreak() : left == 0)
        {
            _depth--;
            return false;
        }

        left -= left == Indefinite ? 0 : 1;
        return true;
    }

    private readonly string JsonText()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException(Message("is no UTF-8"), e);
        }
    }

    private void Step()
    {
        if (!TryStep())
        {
            throw Wrong("ends too early");
        }
    }

    private bool TryStep()
    {
        try
        {
            return _json.Read();
        }
        catch (JsonException e)
        {
            throw new FormatException(Message("is no JSON: " + e.Message), e);
        }
    }
}
