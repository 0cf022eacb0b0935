using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace IotOps.Emulator.Logs.Patterns;

/// <summary>
/// A regular expression of a pattern, of the part of the syntax that CloudWatch Logs supports: no groups, no look-around, only letters, digits and
/// <c>: _ # = @ / ; , -</c> by themselves. See "Supported regex syntax" in
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html.
/// </summary>
internal sealed partial class PatternExpression
{
    private readonly Regex _regex;

    private PatternExpression(Regex regex) => _regex = regex;

    public static bool TryParse(string text, [NotNullWhen(true)] out PatternExpression? expression)
    {
        expression = null;
        if (!Supported().IsMatch(text))
        {
            return false;
        }

        try
        {
            expression = new PatternExpression(new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    public bool Matches(string text) => _regex.IsMatch(text);

    // Escapes of classes and of the operators, hexadecimal ones, operators, and what stands for itself.
    [GeneratedRegex(@"^(\\[dDsSwW\\^$.?*+{}\[\]()|%/-]|\\x[0-9A-Fa-f]{2}|[\^$.?*+{}\[\]|A-Za-z0-9 :_#=@/;,\-])+\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Supported();
}
