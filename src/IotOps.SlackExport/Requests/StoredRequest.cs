using System.Globalization;
using System.Text.Json.Serialization;
using IotOps.Archive;
using IotOps.Slack;

namespace IotOps.SlackExport.Requests;

/// <summary>A request and who made it, for the job that carries it out. Holds the response_url, which must not be logged.</summary>
internal sealed record StoredRequest
{
    /// <summary>Names request, job and export.</summary>
    public required string Id { get; init; }

    /// <summary>Thing name, certificate id, or <see cref="LogLayout.AllDevices"/>.</summary>
    public required string Identifier { get; init; }

    /// <summary>More devices; null for none.</summary>
    public IReadOnlyList<string>? OtherIdentifiers { get; init; }

    /// <summary>First time of each day, UTC; null from its beginning.</summary>
    public TimeOnly? FromTime { get; init; }

    /// <summary>First time of each day that counts no more, UTC; null until its end.</summary>
    public TimeOnly? UntilTime { get; init; }

    /// <summary>Text that records have in them; null for any.</summary>
    public string? Contains { get; init; }

    /// <summary>Expression that matches in records; null for any.</summary>
    public string? Matches { get; init; }

    /// <summary>Canonical names of the categories.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>First day, UTC.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day, UTC, itself included.</summary>
    public required DateOnly To { get; init; }

    /// <summary>Who asked.</summary>
    public required string UserId { get; init; }

    /// <summary>That user's workspace; null when Slack did not say.</summary>
    public string? TeamId { get; init; }

    /// <summary>That workspace's organisation; null where there is none.</summary>
    public string? EnterpriseId { get; init; }

    /// <summary>Where; null when Slack did not say.</summary>
    public string? ChannelId { get; init; }

    /// <summary>Where the answers go.</summary>
    public required Uri ResponseUrl { get; init; }

    /// <summary>When the command came: the response_url lives 30 minutes from there.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Tells this document from one that another process wrote for the same request.</summary>
    public required Guid Writer { get; init; }

    /// <summary>The day or days as they are typed: <c>2023/10/01</c> or <c>2023/10/01..2023/10/03</c>.</summary>
    [JsonIgnore]
    public string Date => From == To ? Day(From) : $"{Day(From)}..{Day(To)}";

    /// <summary>All devices.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Identifiers => [Identifier, .. OtherIdentifiers ?? []];

    /// <summary>Hours and text that are asked for, each with a comma before it; empty for all.</summary>
    [JsonIgnore]
    public string Filters =>
        (FromTime is null && UntilTime is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {FromTime ?? TimeOnly.MinValue:HH':'mm} to {(UntilTime is { } until ? until.ToString("HH':'mm", CultureInfo.InvariantCulture) : "24:00")}"))
        + (Contains is null ? "" : $", with '{Contains}'")
        + (Matches is null ? "" : $", like '{Matches}'");

    /// <summary>Whether that is who asked.</summary>
    public bool IsOf(SlashCommand command) =>
        UserId == command.UserId && TeamId == command.TeamId && (EnterpriseId ?? "") == (command.EnterpriseId ?? "");

    /// <summary>Without who asked and where the answers go.</summary>
    public override string ToString() => $"{string.Join(',', Identifiers)} {string.Join(',', Categories)} {Date}{Filters}";

    /// <summary>What is exported.</summary>
    public LogExportRequest ToExport() => new()
    {
        Identifier = Identifier,
        OtherIdentifiers = OtherIdentifiers ?? [],
        Categories = Categories,
        Date = From,
        LastDate = To == From ? null : To,
        FromTime = FromTime,
        UntilTime = UntilTime,
        Contains = Contains,
        Matches = Matches,
        Id = Id,
    };

    private static string Day(DateOnly day) => day.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture);
}
