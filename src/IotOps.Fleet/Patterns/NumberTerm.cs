using System.Text;

namespace IotOps.Fleet.Patterns;

/// <summary>One number: by value where a double can be it, else by its text.</summary>
internal sealed class NumberTerm : ValueTerm
{
    private readonly byte[] _text;
    private readonly double? _value;

    public NumberTerm(string text)
        : base("number " + text)
    {
        _text = Encoding.ASCII.GetBytes(text);
        _value = JsonNumbers.TryRead(_text, out double value) ? value : null;
    }

    public override bool Takes(ref FieldValue value) =>
        value.IsNumber && (_value is { } number ? value.Number == number : value.Text.SequenceEqual(_text));
}
