using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace IotOps.Archive.Records;

/// <summary>Text that a record must have in it. Matching takes time in proportion to the record, whatever the pattern.</summary>
internal sealed class RecordText
{
    private const int LongestPattern = 1_000;

    private readonly byte[]? _contains;
    private readonly Regex? _matches;

    private RecordText(byte[]? contains, Regex? matches)
    {
        _contains = contains;
        _matches = matches;
    }

    /// <summary>Such a text; null where nothing is asked for.</summary>
    /// <param name="contains">Must stand in it, byte for byte.</param>
    /// <param name="matches">A regular expression that must match in it.</param>
    /// <exception cref="FormatException">A text is empty, or the expression cannot be used; the message says why.</exception>
    public static RecordText? Of(string? contains, string? matches)
    {
        if (contains is null && matches is null)
        {
            return null;
        }

        if (contains is "" || matches is "" || matches?.Length > LongestPattern)
        {
            throw new FormatException($"A text to look for has at least 1 character, and a regular expression at most {LongestPattern}.");
        }

        try
        {
            return new RecordText(
                contains is null ? null : Encoding.UTF8.GetBytes(contains),
                matches is null ? null : new Regex(matches, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"'{matches}' cannot be looked for: {e.Message.TrimEnd('.')}. Look-around and back references are not taken, because they may take any time.", e);
        }
    }

    /// <summary>True when it is in a record.</summary>
    public bool IsIn(ReadOnlySpan<byte> record)
    {
        if (_contains is not null && record.IndexOf(_contains) < 0)
        {
            return false;
        }

        if (_matches is null)
        {
            return true;
        }

        char[] text = ArrayPool<char>.Shared.Rent(record.Length);
        try
        {
            return _matches.IsMatch(text.AsSpan(0, Encoding.UTF8.GetChars(record, text)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text);
        }
    }
}
