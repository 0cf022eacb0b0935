using System.Globalization;
using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Batch;

/// <summary>One page of a list, by <c>maxResults</c> and <c>nextToken</c>.</summary>
internal static class BatchPage
{
    /// <param name="json">Inside the answer's object.</param>
    /// <param name="input">The request.</param>
    /// <param name="name">The list's member.</param>
    /// <param name="most">Items on a page at most, and unless asked.</param>
    /// <param name="items">All of them.</param>
    /// <param name="write">Writes one.</param>
    /// <exception cref="Refusal">A number out of its bounds, or a token that no answer had.</exception>
    public static void Write<T>(Utf8JsonWriter json, BatchInput input, string name, int most, IReadOnlyList<T> items, Action<T> write)
    {
        int max = BatchInput.Between(input.Number("maxResults"), 1, most, "maxResults") ?? most;
        int skip = input.Text("nextToken") is not { } token ? 0
            : int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at > 0 && at < items.Count ? at
            : throw BatchInput.Invalid("Invalid nextToken.");
        json.WriteStartArray(name);
        foreach (T item in items.Skip(skip).Take(max))
        {
            write(item);
        }

        json.WriteEndArray();
        if (skip + max < items.Count)
        {
            json.WriteString("nextToken"u8, (skip + max).ToString(CultureInfo.InvariantCulture));
        }
    }
}
