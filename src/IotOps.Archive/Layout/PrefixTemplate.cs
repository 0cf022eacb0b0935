using System.Globalization;
using System.Text;

namespace IotOps.Archive.Layout;

/// <summary>A key prefix with placeholders.</summary>
internal sealed class PrefixTemplate
{
    private static readonly string[] Known = ["category", "identifier", "yyyy", "MM", "dd", "HH"];

    private readonly List<(string Text, bool IsPlaceholder)> _pieces = [];

    /// <exception cref="FormatException">The template cannot be used.</exception>
    public PrefixTemplate(string template)
    {
        int at = 0;
        while (at < template.Length)
        {
            int open = template.IndexOfAny(['{', '}'], at);
            if (open < 0)
            {
                _pieces.Add((template[at..], false));
                break;
            }

            int close = template.IndexOf('}', open);
            if (template[open] == '}' || close < 0)
            {
                throw new FormatException($"the prefix '{template}' has a brace without its other one.");
            }

            if (open > at)
            {
                _pieces.Add((template[at..open], false));
            }

            string name = template[(open + 1)..close];
            if (!Known.Contains(name, StringComparer.Ordinal))
            {
                throw new FormatException($"the prefix '{template}' has '{{{name}}}'; known are {{{string.Join("}, {", Known)}}}.");
            }

            _pieces.Add((name, true));
            at = close + 1;
        }

        Step = Has("HH") ? FolderStep.Hour : Has("dd") ? FolderStep.Day : Has("MM") ? FolderStep.Month : Has("yyyy") ? FolderStep.Year : FolderStep.None;
        Validate(template);
    }

    /// <summary>How much time one folder holds.</summary>
    public FolderStep Step { get; }

    public bool HasIdentifier => Has("identifier");

    /// <summary>The prefix of the folder that holds a moment.</summary>
    public string Expand(string category, string identifier, DateTime utc)
    {
        var prefix = new StringBuilder();
        foreach ((string text, bool isPlaceholder) in _pieces)
        {
            prefix.Append((text, isPlaceholder) switch
            {
                (_, false) => text,
                ("category", _) => category,
                ("identifier", _) => identifier,
                _ => utc.ToString(text == "HH" ? "HH" : text == "dd" ? "dd" : text, CultureInfo.InvariantCulture),
            });
        }

        return prefix.ToString();
    }

    private bool Has(string placeholder) => _pieces.Contains((placeholder, true));

    private void Validate(string template)
    {
        if (_pieces.Count == 0)
        {
            throw new FormatException("the prefix is empty: the whole bucket would be read.");
        }

        if ((Has("HH") && !Has("dd")) || (Has("dd") && !Has("MM")) || (Has("MM") && !Has("yyyy")))
        {
            throw new FormatException($"the prefix '{template}' has a unit of time without the larger ones: use {{yyyy}}, {{MM}}, {{dd}}, {{HH}} from the left.");
        }

        for (int i = 0; i < _pieces.Count; i++)
        {
            bool isEnded = i + 1 < _pieces.Count && !_pieces[i + 1].IsPlaceholder;
            if (_pieces[i] == ("identifier", true) && !isEnded)
            {
                throw new FormatException($"in the prefix '{template}' a delimiter such as '/' must follow {{identifier}}, or THING1 would find THING10 too.");
            }
        }
    }
}
