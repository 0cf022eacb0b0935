using System.Text;
using System.Text.Json;

namespace IotOps.Fleet.Patterns;

/// <summary>Reads what stands in the array of one path of a pattern.</summary>
internal ref struct PatternTerms
{
    private readonly string _path;
    private Utf8JsonReader _reader;

    private PatternTerms(Utf8JsonReader reader, string path)
    {
        _reader = reader;
        _path = path;
    }

    /// <summary>Reads the values behind the array's bracket, up to its end.</summary>
    public static PathTerms Read(ref Utf8JsonReader reader, string path)
    {
        var terms = new PatternTerms(reader, path);
        try
        {
            return terms.Read();
        }
        finally
        {
            reader = terms._reader;
        }
    }

    private PathTerms Read()
    {
        List<ValueTerm> terms = [];
        bool takesAbsence = false, isEmpty = true;
        while (Next() != JsonTokenType.EndArray)
        {
            isEmpty = false;
            switch (_reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    takesAbsence |= Operator(terms);
                    break;
                case JsonTokenType.String:
                    terms.Add(Text(_reader.GetString()!));
                    break;
                case JsonTokenType.Number:
                    terms.Add(new NumberTerm(Raw()));
                    break;
                case JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null:
                    terms.Add(new ExactTerm(Raw(), isLiteral: true));
                    break;
                default:
                    throw Bad("an array cannot stand in an array");
            }
        }

        return isEmpty ? throw Bad("an empty array lets nothing match; leave it out") : new PathTerms(terms, takesAbsence);
    }

    // Whether the operator takes absence.
    private bool Operator(List<ValueTerm> terms)
    {
        if (Next() != JsonTokenType.PropertyName)
        {
            throw Bad("an operator is expected, such as {\"prefix\": \"a\"}");
        }

        string name = _reader.GetString()!;
        bool takesAbsence = false;
        Next();
        switch (name)
        {
            case "exactly":
                terms.Add(new ExactTerm(String(name), isLiteral: false));
                break;
            case "prefix" or "suffix":
                terms.Add(End(name));
                break;
            case "equals-ignore-case":
                terms.Add(new IgnoreCaseTerm(String(name), TextPart.Whole));
                break;
            case "wildcard":
                terms.Add(Wildcard(String(name)));
                break;
            case "anything-but":
                terms.Add(AnythingBut());
                break;
            case "numeric":
                terms.Add(Numeric());
                break;
            case "cidr":
                terms.Add(Cidr(String(name)));
                break;
            case "exists":
                takesAbsence = _reader.TokenType == JsonTokenType.False;
                if (!takesAbsence)
                {
                    terms.Add(_reader.TokenType == JsonTokenType.True ? new PresentTerm() : throw Bad("exists takes true or false"));
                }

                break;
            default:
                throw Bad($"there is no operator '{name}'");
        }

        End();
        return takesAbsence;
    }

    private ValueTerm End(string name)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return new EndTerm(String(name), name == "prefix");
        }

        if (Next() != JsonTokenType.PropertyName || _reader.GetString() != "equals-ignore-case")
        {
            throw Bad($"{name} takes a text or {{\"equals-ignore-case\": \"...\"}}");
        }

        Next();
        var term = new IgnoreCaseTerm(String("equals-ignore-case"), name == "prefix" ? TextPart.Beginning : TextPart.End);
        End();
        return term;
    }

    private AnythingButTerm AnythingBut()
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return new AnythingButTerm(Values());
        }

        string name = Next() == JsonTokenType.PropertyName ? _reader.GetString()! : throw Bad("anything-but takes an operator, a value or a list of values");
        if (name is not ("prefix" or "suffix" or "equals-ignore-case" or "wildcard"))
        {
            throw Bad($"anything-but takes prefix, suffix, equals-ignore-case or wildcard, not '{name}'");
        }

        List<ValueTerm> terms = [];
        if (Next() == JsonTokenType.StartArray)
        {
            while (Next() != JsonTokenType.EndArray)
            {
                terms.Add(But(name));
            }
        }
        else
        {
            terms.Add(But(name));
        }

        End();
        return new AnythingButTerm(terms);
    }

    private ValueTerm But(string name)
    {
        string text = String(name);
        return name switch
        {
            "wildcard" => Wildcard(text),
            "equals-ignore-case" => new IgnoreCaseTerm(text, TextPart.Whole),
            _ => text.Length == 0 ? throw Bad($"an empty {name} leaves nothing for anything-but") : new EndTerm(text, name == "prefix"),
        };
    }

    private List<ValueTerm> Values()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            return [OneValue()];
        }

        List<ValueTerm> terms = [];
        int numbers = 0;
        while (Next() != JsonTokenType.EndArray)
        {
            terms.Add(OneValue());
            numbers += terms[^1] is NumberTerm ? 1 : 0;
        }

        return terms.Count == 0 || (numbers > 0 && numbers < terms.Count)
            ? throw Bad("anything-but takes a list of texts or a list of numbers")
            : terms;
    }

    private ValueTerm OneValue() => _reader.TokenType switch
    {
        JsonTokenType.String => new ExactTerm(_reader.GetString()!, isLiteral: false),
        JsonTokenType.Number => ComparedNumber(),
        _ => throw Bad("anything-but takes texts and numbers only"),
    };

    private NumberTerm ComparedNumber()
    {
        _ = Number();
        return new NumberTerm(Raw());
    }

    private RangeTerm Numeric()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            throw Bad("numeric takes an array, such as [\">\", 0, \"<=\", 5]");
        }

        string first = Comparison();
        Next();
        double limit = Number();
        if (Next() == JsonTokenType.EndArray)
        {
            return first switch
            {
                "=" => new RangeTerm(limit, false, limit, false),
                ">" or ">=" => new RangeTerm(limit, first == ">", null, false),
                _ => new RangeTerm(null, false, limit, first == "<"),
            };
        }

        if (first is not (">" or ">="))
        {
            throw Bad($"nothing follows '{first}' and its number; a range begins with > or >=");
        }

        string second = _reader.TokenType == JsonTokenType.String ? _reader.GetString()! : "";
        if (second is not ("<" or "<="))
        {
            throw Bad("a range ends with < or <=");
        }

        Next();
        double top = Number();
        if (Next() != JsonTokenType.EndArray)
        {
            throw Bad("a range has two ends");
        }

        return limit < top ? new RangeTerm(limit, first == ">", top, second == "<") : throw Bad("a range begins below its end");
    }

    private string Comparison()
    {
        string text = Next() == JsonTokenType.String ? _reader.GetString()! : "";
        return text is "=" or "<" or "<=" or ">" or ">=" ? text : throw Bad("numeric takes =, <, <=, > or >=, then a number");
    }

    private AddressTerm Cidr(string text)
    {
        string[] parts = text.Split('/');
        IpValue? address = IpValue.TryRead(Encoding.UTF8.GetBytes(parts[0]));
        return parts.Length == 2 && address is { } network && int.TryParse(parts[1], out int bits) && bits >= 0 && bits < network.Length
            ? new AddressTerm(network, bits)
            : throw Bad($"'{text}' is no network; it is an address, a slash and fewer bits than the address has, such as 10.0.0.0/24");
    }

    private static ValueTerm Text(string text) =>
        IpValue.TryRead(Encoding.UTF8.GetBytes(text)) is { } address ? new AddressTerm(address, address.Length) : new ExactTerm(text, isLiteral: false);

    private WildcardTerm Wildcard(string text) => WildcardTerm.TryRead(text, out string? wrong) ?? throw Bad(wrong!);

    private string String(string name) => _reader.TokenType == JsonTokenType.String ? _reader.GetString()! : throw Bad($"{name} takes a text");

    private double Number() =>
        _reader.TokenType != JsonTokenType.Number ? throw Bad("a number is expected")
        : JsonNumbers.TryRead(_reader.ValueSpan, out double number) ? number
        : throw Bad($"{Raw()} cannot be compared: no double is exactly this number");

    private string Raw() => Encoding.UTF8.GetString(_reader.ValueSpan);

    private void End()
    {
        if (Next() != JsonTokenType.EndObject)
        {
            throw Bad("an operator stands in an object of its own");
        }
    }

    private JsonTokenType Next() => _reader.Read() ? _reader.TokenType : throw Bad("it ends too early");

    private PatternException Bad(string reason) => new(new EventPatternProblem(_path, (int)_reader.TokenStartIndex, reason));
}
