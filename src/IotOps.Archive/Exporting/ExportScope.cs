using System.Buffers;
using System.Globalization;
using IotOps.Archive.Layout;
using IotOps.Archive.Records;

namespace IotOps.Archive.Exporting;

/// <summary>A request that was checked against the layout.</summary>
internal sealed class ExportScope
{
    private const int MostDays = 31;
    private const int MostDevices = 20;

    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-./@#+");

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    /// <exception cref="ArgumentException">The request cannot be served; the message says what to ask instead.</exception>
    public ExportScope(LogExportRequest request, LogLayout layout)
    {
        ArgumentNullException.ThrowIfNull(request);
        Identifiers = [.. ((IEnumerable<string>)[request.Identifier, .. request.OtherIdentifiers]).Select(CheckIdentifier).Distinct(StringComparer.Ordinal)];
        if (Identifiers.Count > MostDevices || (Identifiers.Count > 1 && Identifiers.Contains(LogLayout.AllDevices, StringComparer.Ordinal)))
        {
            throw new ArgumentException($"{Identifiers.Count} devices are no list of at most {MostDevices}, of which none is {LogLayout.AllDevices}: that means every device by itself.", nameof(request));
        }

        CheckId(request.Id);
        Days = DaysOf(request);
        KeepUnreadable = request.KeepUnreadable;
        Contains = request.Contains;
        Matches = request.Matches;
        CheckText(request);
        if (request.Categories is not { Count: > 0 })
        {
            throw new ArgumentException($"No category is given; there are {string.Join(", ", layout.Categories.Select(c => c.Name))}.", nameof(request));
        }

        Categories = [.. request.Categories.Select(layout.Prefix).Distinct()];
        foreach (CategoryPrefix category in Categories)
        {
            foreach (string identifier in Identifiers)
            {
                category.CheckIdentifier(identifier);
            }

            for (DateOnly day = Days.First; day <= Days.Last && day != DateOnly.MaxValue; day = day.AddDays(1))
            {
                category.CheckWindow(Days.WindowOf(day));
            }
        }
    }

    public IReadOnlyList<string> Identifiers { get; }

    /// <summary>What is asked for, in words.</summary>
    public string Request => Describe([.. Categories.Select(c => c.Category.Name)], Identifiers, Days, Contains, Matches, KeepUnreadable);

    public IReadOnlyList<CategoryPrefix> Categories { get; }

    public ExportDays Days { get; }

    public bool KeepUnreadable { get; }

    public string? Contains { get; }

    public string? Matches { get; }

    /// <exception cref="ArgumentException">It cannot name an export.</exception>
    public static void CheckId(string? id)
    {
        if (id is not null && (id.Length is 0 or > 128 || id.AsSpan().ContainsAnyExcept(IdCharacters)))
        {
            throw new ArgumentException($"'{id}' is no id of an export: 1 to 128 of a-z, A-Z, 0-9, '_' and '-'.", nameof(id));
        }
    }

    /// <summary>A request in words; other words are another request.</summary>
    public static string Describe(IReadOnlyList<string> categories, IReadOnlyList<string> identifiers, ExportDays days, string? contains, string? matches, bool keepUnreadable) =>
        $"{string.Join(", ", categories)} of {string.Join(", ", identifiers)} from {Text(days.First)} to {Text(days.Last)}{days.Words}"
        + (contains is null ? "" : $", with '{contains}'")
        + (matches is null ? "" : $", like '{matches}'")
        + (keepUnreadable ? ", with what cannot be read" : "");

    private static string CheckIdentifier(string? given) =>
        given is { Length: > 0 and <= 128 } && !given.AsSpan().ContainsAnyExcept(IdentifierCharacters) && !IsElse(given)
            ? given
            : throw new ArgumentException(
                $"'{given}' is no identifier: 1 to 128 of a-z, A-Z, 0-9 and : _ - . / @ # +, not beginning with '--', without '.' or '..' or nothing between slashes.", nameof(given));

    // An option of a program, or another folder.
    private static bool IsElse(string given) =>
        given is "-h" || given.StartsWith("--", StringComparison.Ordinal) || given.Split('/').Any(part => part is "" or "." or "..");

    private static void CheckText(LogExportRequest request)
    {
        try
        {
            RecordText.Of(request.Contains, request.Matches);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, nameof(request), e);
        }
    }

    private static ExportDays DaysOf(LogExportRequest request)
    {
        var days = new ExportDays(request.Date, request.LastDate ?? request.Date, request.TimeZone, request.FromTime, request.UntilTime);
        if (days.Last < days.First || days.Last.DayNumber - days.First.DayNumber >= MostDays)
        {
            throw new ArgumentException($"{Text(days.First)} to {Text(days.Last)} is no range of 1 to {MostDays} days, the first one first.", nameof(request));
        }

        if (days.UntilTime <= (days.FromTime ?? TimeOnly.MinValue))
        {
            throw new ArgumentException($"The time{days.Words} ends before it begins: hours are of one day, the first one first.", nameof(request));
        }

        try
        {
            TimeZones.Find(days.TimeZone);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, nameof(request), e);
        }

        return days;
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
