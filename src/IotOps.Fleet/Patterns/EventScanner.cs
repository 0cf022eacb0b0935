using System.Buffers;

namespace IotOps.Fleet.Patterns;

/// <summary>
/// One pass over an event's bytes: notes the values that lie on the patterns' paths, and checks the rest for being JSON. Nothing is decoded
/// here, so a value that no pattern looks at costs only its length.
/// </summary>
internal ref struct EventScanner
{
    /// <summary>Objects and arrays within each other.</summary>
    public const int MaxDepth = 1_000;

    private static readonly SearchValues<byte> TextEnds = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 32).Select(b => (byte)b)]);
    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("+-.0123456789Ee"u8);

    private readonly ReadOnlySpan<byte> _json;
    private readonly EventFields _fields;
    private int _at;
    private int _depth;
    private int _arrays;
    private bool _isEscaped;

    private EventScanner(ReadOnlySpan<byte> json, EventFields fields)
    {
        _json = json;
        _fields = fields;
    }

    /// <summary>Notes an event's values.</summary>
    /// <exception cref="FormatException">It is no JSON object; the message says where.</exception>
    public static void Scan(ReadOnlySpan<byte> json, PathNode paths, EventFields fields)
    {
        fields.Clear();
        var scanner = new EventScanner(json, fields);
        if (scanner.Peek() != '{')
        {
            throw scanner.Bad("an event is a JSON object");
        }

        scanner.Object(paths, -1);
        scanner.SkipBlanks();
        if (scanner._at < json.Length)
        {
            throw scanner.Bad("something follows the event");
        }
    }

    private void Value(PathNode? node, int element)
    {
        switch (Peek())
        {
            case (byte)'"':
                int start = _at + 1;
                int length = Text();
                Note(node, start, length, FieldKind.Text, element);
                break;
            case (byte)'{':
                Object(node, element);
                break;
            case (byte)'[':
                Array(node, element);
                break;
            default:
                Scalar(node, element);
                break;
        }
    }

    private void Object(PathNode? node, int element)
    {
        Enter();
        if (node is { HasSteps: false })
        {
            node = null;
        }

        if (Peek() == '}')
        {
            Leave();
            return;
        }

        while (true)
        {
            if (Peek() != '"')
            {
                throw Bad("a member's name is expected");
            }

            int start = _at + 1;
            ReadOnlySpan<byte> name = _json.Slice(start, Text());
            PathNode? next = node?.Find(_isEscaped ? JsonStrings.Decode(name) : name);
            if (Peek() != ':')
            {
                throw Bad("a colon is expected behind a member's name");
            }

            _at++;
            Value(next, element);
            byte end = Peek();
            if (end == '}')
            {
                Leave();
                return;
            }

            if (end != ',')
            {
                throw Bad("a comma or the end of the object is expected");
            }

            _at++;
        }
    }

    private void Array(PathNode? node, int element)
    {
        Enter();
        int array = _arrays++;
        if (Peek() == ']')
        {
            Leave();
            return;
        }

        for (int index = 0; ; index++)
        {
            byte first = Peek();
            int within = element;
            if (node is not null && first is (byte)'{' or (byte)'[')
            {
                within = _fields.Elements.Count;
                _fields.Elements.Add(new ArrayElement(element, array, index));
            }

            Value(node, within);
            byte end = Peek();
            if (end == ']')
            {
                Leave();
                return;
            }

            if (end != ',')
            {
                throw Bad("a comma or the end of the array is expected");
            }

            _at++;
        }
    }

    private void Scalar(PathNode? node, int element)
    {
        int start = _at;
        int length = _json[start..].IndexOfAnyExcept(NumberBytes);
        length = length < 0 ? _json.Length - start : length;
        FieldKind kind = FieldKind.Number;
        if (length > 0)
        {
            if (!JsonNumbers.IsNumber(_json.Slice(start, length)))
            {
                throw Bad("this is no number");
            }
        }
        else
        {
            ReadOnlySpan<byte> rest = _json[start..];
            length = rest.StartsWith("true"u8) || rest.StartsWith("null"u8) ? 4 : rest.StartsWith("false"u8) ? 5 : throw Bad("a value is expected");
            kind = FieldKind.Literal;
        }

        _at += length;
        _isEscaped = false;
        Note(node, start, length, kind, element);
    }

    private readonly void Note(PathNode? node, int start, int length, FieldKind kind, int element)
    {
        if (node is { Path: >= 0 })
        {
            _fields.Add(new EventField(node.Path, start, length, kind, _isEscaped, element));
        }
    }

    // The length of the text that begins here, without its quotation marks.
    private int Text()
    {
        int start = ++_at;
        _isEscaped = false;
        while (true)
        {
            int found = _json[_at..].IndexOfAny(TextEnds);
            if (found < 0)
            {
                _at = _json.Length;
                throw Bad("the event ends within a text");
            }

            _at += found;
            if (_json[_at] == '"')
            {
                return _at++ - start;
            }

            if (_json[_at] != '\\')
            {
                throw Bad("a control character stands in a text");
            }

            _isEscaped = true;
            int escape = JsonStrings.EscapeLength(_json[_at..]);
            if (escape == 0)
            {
                throw Bad("this is no escape");
            }

            _at += escape;
        }
    }

    private void Enter()
    {
        _at++;
        if (++_depth > MaxDepth)
        {
            throw Bad($"more than {MaxDepth} objects and arrays lie within each other");
        }
    }

    private void Leave()
    {
        _at++;
        _depth--;
    }

    private byte Peek()
    {
        if (_at < _json.Length && _json[_at] > ' ')
        {
            return _json[_at];
        }

        SkipBlanks();
        return _at < _json.Length ? _json[_at] : throw Bad("the event ends too early");
    }

    private void SkipBlanks()
    {
        while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _at++;
        }
    }

    private readonly FormatException Bad(string what) => new($"The event is no JSON: byte {_at}: {what}.");
}
