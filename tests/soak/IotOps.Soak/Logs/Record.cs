using System.Globalization;
using System.Text;

namespace IotOps.Soak.Logs;

/// <summary>
/// The text of one log line. It follows from the stream and the number alone, so that a line that arrived damaged is told from one that did not arrive.
/// </summary>
internal static class Record
{
    private const int IdLength = 8;

    public static string Text(string stream, int number)
    {
        // Lengths from a few bytes to beyond a read buffer; some text that is not ASCII.
        uint hash = (uint)((number * 2654435761L) ^ stream[0]);
        int length = number % 997 == 0 ? 20_000 : (int)(hash % 300);
        var text = new StringBuilder(Id(stream, number), IdLength + length + 8).Append(' ');
        while (text.Length < IdLength + length)
        {
            text.Append(hash % 7 == 0 ? "größer λ " : "GET /v1/things/shadow 200 ");
            hash = (hash * 1664525) + 1013904223;
        }

        return text.Append('.').ToString();
    }

    /// <summary>The number of a line that arrived whole; false when it is none of this stream's lines.</summary>
    public static bool TryRead(string stream, string text, out int number)
    {
        number = -1;
        return text.Length > IdLength
            && text[0] == char.ToUpperInvariant(stream[0])
            && int.TryParse(text.AsSpan(1, IdLength - 1), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && text == Text(stream, number);
    }

    // Eight characters: the stream's letter and seven digits.
    private static string Id(string stream, int number) => $"{char.ToUpperInvariant(stream[0])}{number:D7}";
}
