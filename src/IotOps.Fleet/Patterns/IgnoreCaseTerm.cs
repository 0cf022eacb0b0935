using System.Text;

namespace IotOps.Fleet.Patterns;

/// <summary><c>equals-ignore-case</c>, alone or within <c>prefix</c> and <c>suffix</c>: each character in lower or in upper case.</summary>
internal sealed class IgnoreCaseTerm : ValueTerm
{
    private readonly (byte[] Lower, byte[] Upper)[] _characters;
    private readonly TextPart _part;

    public IgnoreCaseTerm(string text, TextPart part)
        : base($"{part} without case {text}")
    {
        _part = part;
        _characters = [.. text.EnumerateRunes().Select(rune => (Bytes(Rune.ToLowerInvariant(rune)), Bytes(Rune.ToUpperInvariant(rune))))];
    }

    public override bool Takes(ref FieldValue value) =>
        value.IsText && (_part == TextPart.End ? Ends(value.Text) : Begins(value.Text));

    private bool Begins(ReadOnlySpan<byte> text)
    {
        foreach ((byte[] lower, byte[] upper) in _characters)
        {
            byte[]? found = text.StartsWith(lower) ? lower : text.StartsWith(upper) ? upper : null;
            if (found is null)
            {
                return false;
            }

            text = text[found.Length..];
        }

        return _part == TextPart.Beginning || text.IsEmpty;
    }

    private bool Ends(ReadOnlySpan<byte> text)
    {
        for (int i = _characters.Length - 1; i >= 0; i--)
        {
            (byte[] lower, byte[] upper) = _characters[i];
            byte[]? found = text.EndsWith(lower) ? lower : text.EndsWith(upper) ? upper : null;
            if (found is null)
            {
                return false;
            }

            text = text[..^found.Length];
        }

        return true;
    }

    private static byte[] Bytes(Rune rune) => Encoding.UTF8.GetBytes(rune.ToString());
}
