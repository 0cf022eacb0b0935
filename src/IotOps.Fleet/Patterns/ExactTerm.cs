using System.Text;

namespace IotOps.Fleet.Patterns;

/// <summary>One text, or one of <c>true</c>, <c>false</c> and <c>null</c>. Looked up, so many of them cost as much as one.</summary>
internal sealed class ExactTerm(string text, bool isLiteral) : ValueTerm((isLiteral ? "literal " : "text ") + text)
{
    public byte[] Text { get; } = Encoding.UTF8.GetBytes(text);

    public bool IsLiteral => isLiteral;

    public override bool Takes(ref FieldValue value) => (isLiteral ? value.IsLiteral : value.IsText) && value.Text.SequenceEqual(Text);
}
