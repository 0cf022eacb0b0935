using System.Text.Json;

namespace IotOps.Fleet.Queries;

/// <summary>A word, or words that follow each other, without case. A number equals a number of the same value.</summary>
internal sealed class WordsTest : ValueTest
{
    private readonly string _value;
    private readonly string[] _words;
    private readonly double? _number;

    public WordsTest(string value)
    {
        _value = value;
        _words = QueryValues.Words(value);
        _number = QueryValues.Number(value);
    }

    public override string Text => QueryText.Escape(_value);

    public override bool Takes(JsonElement value)
    {
        if (QueryValues.Text(value) is not { } text)
        {
            return false;
        }

        if (_number is { } number && QueryValues.Number(text) is { } other)
        {
            return number == other;
        }

        string[] words = QueryValues.Words(text);
        for (int i = 0; i + _words.Length <= words.Length; i++)
        {
            if (_words.AsSpan().SequenceEqual(words.AsSpan(i, _words.Length), StringComparer.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
