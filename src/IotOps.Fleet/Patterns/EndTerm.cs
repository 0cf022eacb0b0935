using System.Text;

namespace IotOps.Fleet.Patterns;

/// <summary><c>prefix</c> and <c>suffix</c> of a text.</summary>
internal sealed class EndTerm(string text, bool isPrefix) : ValueTerm((isPrefix ? "prefix " : "suffix ") + text)
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(text);

    public override bool Takes(ref FieldValue value) => value.IsText && (isPrefix ? value.Text.StartsWith(_text) : value.Text.EndsWith(_text));
}
