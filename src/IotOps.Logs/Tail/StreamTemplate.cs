using System.Buffers;
using System.Net;
using System.Text;

namespace IotOps.Logs.Tail;

/// <summary>The name of a log group or stream with tokens that are filled in when a file is first seen.</summary>
internal sealed class StreamTemplate
{
    private const int MaxLength = 512;

    private static readonly SearchValues<char> GroupCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-/.#");

    private readonly List<(Token Token, string Text)> _parts = [];
    private readonly bool _group;
    private readonly bool _ofFile;

    private StreamTemplate(bool group, bool ofFile) => (_group, _ofFile) = (group, ofFile);

    private enum Token
    {
        Text,
        Date,
        File,
    }

    /// <exception cref="ArgumentException">The template is malformed, names an unknown token, or holds a character the service refuses.</exception>
    public static StreamTemplate ForGroup(string template, string? thing, bool ofFile = true) => Parse(template, thing, group: true, ofFile);

    /// <inheritdoc cref="ForGroup"/>
    public static StreamTemplate ForStream(string template, string? thing, bool ofFile = true) => Parse(template, thing, group: false, ofFile);

    /// <summary>The name is another one each day.</summary>
    public bool IsDated => _parts.Exists(static part => part.Token == Token.Date);

    public string Expand(string path, DateTimeOffset day)
    {
        var name = new StringBuilder();
        foreach ((Token token, string text) in _parts)
        {
            name.Append(token switch
            {
                Token.Date => day.UtcDateTime.ToString("yyyy-MM-dd"),
                Token.File => Clean(Path.GetFileName(path)),
                _ => text,
            });
        }

        return name.Length <= MaxLength ? name.ToString() : name.ToString(0, MaxLength);
    }

    private static StreamTemplate Parse(string template, string? thing, bool group, bool ofFile)
    {
        string kind = group ? "group" : "stream";
        ArgumentNullException.ThrowIfNull(template);
        var parsed = new StreamTemplate(group, ofFile);
        var text = new StringBuilder();
        for (int i = 0; i < template.Length; i++)
        {
            char c = template[i];
            bool doubled = i + 1 < template.Length && template[i + 1] == c;
            if (c is '{' or '}' && doubled)
            {
                text.Append(c);
                i++;
            }
            else if (c == '{')
            {
                int end = template.IndexOf('}', i);
                if (end < 0)
                {
                    throw new ArgumentException($"The log {kind} '{template}' has a '{{' without a '}}'; write '{{{{' for the character itself.", nameof(template));
                }

                parsed.AddText(text, template, kind);
                parsed.AddToken(template[(i + 1)..end], template, thing, kind);
                i = end;
            }
            else
            {
                text.Append(c);
            }
        }

        parsed.AddText(text, template, kind);
        if (parsed._parts.Count == 0 || template.Length > MaxLength)
        {
            throw new ArgumentException($"The log {kind} '{template}' must have 1 to {MaxLength} characters.", nameof(template));
        }

        // What tokens brought in counts, too: all that is known before a file is seen stands there as text.
        string known = string.Concat(parsed._parts.TakeWhile(static part => part.Token == Token.Text).Select(static part => part.Text));
        if (group && known.StartsWith("aws/", StringComparison.Ordinal))
        {
            throw new ArgumentException($"The log group '{template}' begins with 'aws/', which CloudWatch Logs keeps for itself.", nameof(template));
        }

        return parsed;
    }

    private void AddText(StringBuilder text, string template, string kind)
    {
        string literal = text.ToString();
        text.Clear();
        if (literal.Length == 0)
        {
            return;
        }

        int refused = _group ? literal.AsSpan().IndexOfAnyExcept(GroupCharacters) : literal.AsSpan().IndexOfAny(':', '*');
        if (refused >= 0)
        {
            string allowed = _group ? "letters, digits and _ - / . #" : "anything but ':' and '*'";
            throw new ArgumentException($"The log {kind} '{template}' has the character '{literal[refused]}'; CloudWatch Logs allows {allowed}.", nameof(template));
        }

        _parts.Add((Token.Text, literal));
    }

    private void AddToken(string token, string template, string? thing, string kind)
    {
        switch (token)
        {
            case "hostname":
                // Whole, as hostname says it: Environment.MachineName ends at the first dot, where two devices of one site differ.
                _parts.Add((Token.Text, Clean(Dns.GetHostName())));
                break;
            case "thing":
                _parts.Add((Token.Text, Clean(!string.IsNullOrEmpty(thing) ? thing : throw new ArgumentException(
                    $"The log {kind} '{template}' uses {{thing}}, but no thing name is set.", nameof(template)))));
                break;
            case "date":
                _parts.Add((Token.Date, ""));
                break;
            case "file" when !_ofFile:
                throw new ArgumentException($"The log {kind} '{template}' uses {{file}}, but a logger's messages come from no file.", nameof(template));
            case "file":
                _parts.Add((Token.File, ""));
                break;
            case not null when token.StartsWith("env:", StringComparison.Ordinal):
                string variable = token["env:".Length..];
                _parts.Add((Token.Text, Clean(Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : throw new ArgumentException(
                    $"The log {kind} '{template}' uses the environment variable '{variable}', which is not set or empty.", nameof(template)))));
                break;
            default:
                throw new ArgumentException(
                    $"The log {kind} '{template}' has the unknown token '{{{token}}}'; there are {{hostname}}, {{thing}}, {{date}}, {{file}} and {{env:NAME}}.", nameof(template));
        }
    }

    // What a token brings in cannot be refused at construction, so it is made to fit.
    private string Clean(string value) => string.Create(value.Length, (value, _group), static (span, state) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            char c = state.value[i];
            span[i] = state._group
                ? GroupCharacters.Contains(c) ? c : '_'
                : c is ':' or '*' ? '+' : c;
        }
    });
}
