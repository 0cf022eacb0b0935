using System.Globalization;
using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>One page of a listing.</summary>
/// <param name="Items">What stands on it.</param>
/// <param name="NextToken">Leads to the next; null on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken)
{
    public static Page<T> Of(IReadOnlyList<T> all, string? token, int limit)
    {
        int start = 0;
        if (token is not null
            && (!int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out start) || start > all.Count))
        {
            throw new Refusal(400, "InvalidParameterException", "The specified nextToken is invalid.");
        }

        int end = Math.Min(all.Count, start + limit);
        return new Page<T>([.. all.Skip(start).Take(end - start)], end < all.Count ? end.ToString(CultureInfo.InvariantCulture) : null);
    }

    public void WriteToken(Utf8JsonWriter output)
    {
        if (NextToken is not null)
        {
            output.WriteString("nextToken"u8, NextToken);
        }
    }
}
