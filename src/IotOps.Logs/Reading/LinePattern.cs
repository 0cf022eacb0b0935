using System.Text.RegularExpressions;

namespace IotOps.Logs.Reading;

/// <summary>
/// A configured pattern over text that others write. One text can make a pattern with nested repetitions run for years: a match has a
/// time-out, and a chunk of a file only so many of them, so that a file full of such texts keeps no other waiting.
/// </summary>
internal sealed class LinePattern
{
    private const int TimeOutsPerChunk = 2;

    private readonly Regex _pattern;
    private int _left = TimeOutsPerChunk;

    private LinePattern(Regex pattern) => _pattern = pattern;

    /// <summary>Some text could not be judged in time.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>Null for none.</summary>
    /// <exception cref="ArgumentException">The pattern could take any time over one text.</exception>
    public static LinePattern? Of(Regex? pattern, string name)
    {
        if (pattern is not null && pattern.MatchTimeout == Regex.InfiniteMatchTimeout && !pattern.Options.HasFlag(RegexOptions.NonBacktracking))
        {
            throw new ArgumentException(
                $"{name} '{pattern}' has no match time-out: one line could hold up all files. Give it one, or RegexOptions.NonBacktracking.", name);
        }

        return pattern is null ? null : new LinePattern(pattern);
    }

    /// <summary>Another chunk of a file begins.</summary>
    public void BeginChunk() => _left = TimeOutsPerChunk;

    /// <summary>Whether the text matches; null when that cannot be told in time.</summary>
    public bool? IsMatch(ReadOnlySpan<char> text)
    {
        if (_left == 0)
        {
            return null;
        }

        try
        {
            return _pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            _left--;
            IsSlow = true;
            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _pattern.ToString();
}
