using System.Text;

namespace IotOps.Fleet.Patterns;

/// <summary><c>wildcard</c>: a star is any text, also none. It is the only wildcard; <c>\*</c> is a star and <c>\\</c> a backslash.</summary>
internal sealed class WildcardTerm : ValueTerm
{
    private readonly byte[][] _pieces;

    private WildcardTerm(string text, List<byte[]> pieces)
        : base("wildcard " + text) => _pieces = [.. pieces];

    /// <summary>Reads a wildcard; null with what is wrong when it is none.</summary>
    public static WildcardTerm? TryRead(string text, out string? wrong)
    {
        List<byte[]> pieces = [];
        var piece = new StringBuilder();
        wrong = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '*')
            {
                if (i + 1 < text.Length && text[i + 1] == '*')
                {
                    wrong = $"two stars follow each other at character {i}; one means the same";
                    return null;
                }

                pieces.Add(Encoding.UTF8.GetBytes(piece.ToString()));
                piece.Clear();
            }
            else if (text[i] != '\\')
            {
                piece.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] is '*' or '\\')
            {
                piece.Append(text[++i]);
            }
            else
            {
                wrong = $"the backslash at character {i} escapes neither a star nor a backslash";
                return null;
            }
        }

        pieces.Add(Encoding.UTF8.GetBytes(piece.ToString()));
        return new WildcardTerm(text, pieces);
    }

    public override bool Takes(ref FieldValue value)
    {
        if (!value.IsText)
        {
            return false;
        }

        ReadOnlySpan<byte> text = value.Text;
        if (_pieces.Length == 1)
        {
            return text.SequenceEqual(_pieces[0]);
        }

        // The first place for each piece leaves the most room for those behind it.
        byte[] first = _pieces[0], last = _pieces[^1];
        if (text.Length < first.Length + last.Length || !text.StartsWith(first) || !text.EndsWith(last))
        {
            return false;
        }

        text = text[first.Length..^last.Length];
        foreach (byte[] piece in _pieces.AsSpan(1, _pieces.Length - 2))
        {
            int found = text.IndexOf(piece);
            if (found < 0)
            {
                return false;
            }

            text = text[(found + piece.Length)..];
        }

        return true;
    }
}
