using System.Text.Json;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>One page of a listing that is sorted by a key.</summary>
/// <param name="Items">What stands on it.</param>
/// <param name="NextToken">Leads to the next; null on the last.</param>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, string? NextToken)
{
    public void WriteToken(Utf8JsonWriter output, string member = "nextToken")
    {
        if (NextToken is not null)
        {
            output.WriteString(member, NextToken);
        }
    }
}

/// <summary>Cuts pages. A token names the last key of the page before, so that what comes and goes meanwhile moves no page.</summary>
internal static class ListPage
{
    public static ListPage<T> Of<T>(IEnumerable<T> sorted, Func<T, string> keyOf, string after, int limit)
    {
        T[] rest = [.. sorted.Where(item => string.CompareOrdinal(keyOf(item), after) > 0).Take(limit + 1)];
        return rest.Length <= limit
            ? new ListPage<T>(rest, null)
            : new ListPage<T>(rest[..limit], RestCall.TokenBehind(keyOf(rest[limit - 1])));
    }
}
