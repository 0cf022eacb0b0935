using System.Buffers;
using System.Globalization;
using IotOps.Archive.Layout;

namespace IotOps.Archive.Exporting;

/// <summary>A request that was checked against the layout.</summary>
internal sealed class ExportScope
{
    private const int MostDays = 31;

    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-");

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    /// <exception cref="ArgumentException">The request cannot be served; the message says what to ask instead.</exception>
    public ExportScope(LogExportRequest request, LogLayout layout)
    {
        ArgumentNullException.ThrowIfNull(request);
        Identifier = request.Identifier is { Length: > 0 and <= 128 } given && given[0] != '-' && !given.AsSpan().ContainsAnyExcept(IdentifierCharacters)
            ? given
            : throw new ArgumentException($"'{request.Identifier}' is no identifier: 1 to 128 of a-z, A-Z, 0-9, ':', '_' and '-', not beginning with '-'.", nameof(request));
        CheckId(request.Id);
        From = request.Date;
        To = request.LastDate ?? request.Date;
        KeepUnreadable = request.KeepUnreadable;
        if (To < From || To.DayNumber - From.DayNumber >= MostDays)
        {
            throw new ArgumentException($"{Text(From)} to {Text(To)} is no range of 1 to {MostDays} days, the first one first.", nameof(request));
        }

        if (request.Categories is not { Count: > 0 })
        {
            throw new ArgumentException($"No category is given; there are {string.Join(", ", layout.Categories.Select(c => c.Name))}.", nameof(request));
        }

        Categories = [.. request.Categories.Select(layout.Prefix).Distinct()];
        foreach (CategoryPrefix category in Categories)
        {
            category.CheckIdentifier(Identifier);
        }
    }

    public string Identifier { get; }

    /// <summary>What is asked for, in words.</summary>
    public string Request => Describe([.. Categories.Select(c => c.Category.Name)], Identifier, From, To, KeepUnreadable);

    public IReadOnlyList<CategoryPrefix> Categories { get; }

    public DateOnly From { get; }

    public DateOnly To { get; }

    public bool KeepUnreadable { get; }

    /// <exception cref="ArgumentException">It cannot name an export.</exception>
    public static void CheckId(string? id)
    {
        if (id is not null && (id.Length is 0 or > 128 || id.AsSpan().ContainsAnyExcept(IdCharacters)))
        {
            throw new ArgumentException($"'{id}' is no id of an export: 1 to 128 of a-z, A-Z, 0-9, '_' and '-'.", nameof(id));
        }
    }

    /// <summary>A request in words; other words are another request.</summary>
    public static string Describe(IReadOnlyList<string> categories, string identifier, DateOnly from, DateOnly to, bool keepUnreadable) =>
        $"{string.Join(", ", categories)} of {identifier} from {Text(from)} to {Text(to)}{(keepUnreadable ? ", with what cannot be read" : "")}";

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
