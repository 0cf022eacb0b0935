using IotOps.Aws;
using IotOps.Detect.Membership;
using IotOps.Fleet;
using Microsoft.Extensions.Logging;

namespace IotOps.Detect;

/// <summary>
/// The thing groups of an account, read ahead and again every few minutes: those that security profiles are attached to, static and dynamic ones, each
/// with the things of the groups below it. A group that cannot be read keeps the things that it had; one that does not exist has none. Needs
/// <c>iot:ListThingsInThingGroup</c> on the groups, and <c>iot:ListThings</c> where the registry is listed. Safe for concurrent use.
/// See https://docs.aws.amazon.com/iot/latest/apireference/API_ListThingsInThingGroup.html.
/// </summary>
public sealed class AccountMembership : IFleetMembership, IAsyncDisposable
{
    private const string NotFound = "ResourceNotFoundException";

    private readonly AccountMembershipOptions _options;
    private readonly FleetIndex _index;
    private readonly ILogger _logger;
    private readonly string[] _groups;
    private readonly bool _listsRegistry;
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private MembershipRefresh? _refresh;

    private AccountMembership(AccountMembershipOptions options)
    {
        _options = options;
        _index = new FleetIndex(options.Iot);
        _logger = options.LoggerFactory.CreateLogger<AccountMembership>();
        _groups = [.. options.Profiles.SelectMany(profile => profile.Targets).Where(target => target.Kind == DetectTargetKind.Group).Select(target => target.Name!).Distinct(StringComparer.Ordinal)];
        _listsRegistry = options.ListsRegistry ?? options.Profiles.Any(profile =>
            profile.Targets.Any(target => target.Kind == DetectTargetKind.UnregisteredThings) && profile.Targets.All(target => target.Kind != DetectTargetKind.AllThings));
    }

    /// <summary>Things in memory: those of the groups, and those of the registry where it is listed.</summary>
    public int Things => Refresh.Last.Things;

    internal MembershipRefresh Refresh => _refresh ?? throw new InvalidOperationException("It is not loaded.");

    /// <summary>Reads the groups for the first time.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="AwsException">AWS IoT refused, or could not be reached.</exception>
    /// <exception cref="InvalidDataException">There are more things than <see cref="AccountMembershipOptions.MaxThings"/>.</exception>
    public static async Task<AccountMembership> LoadAsync(AccountMembershipOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Wrong() is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        var membership = new AccountMembership(options);
        membership._refresh = await MembershipRefresh.StartAsync(
            membership.ReadAsync, options.RefreshInterval, options.TimeProvider, membership._logger, cancellationToken).ConfigureAwait(false);
        return membership;
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string>? GroupsOf(string thing) => Refresh.Last.GroupsOf(thing);

    /// <summary>Ends the reading.</summary>
    public ValueTask DisposeAsync() => Refresh.DisposeAsync();

    private async Task<MembershipSnapshot> ReadAsync(MembershipSnapshot? last, CancellationToken cancellationToken)
    {
        var builder = new MembershipBuilder(_options.MaxThings);
        foreach (string group in _groups)
        {
            foreach (string thing in await GroupAsync(group, last, cancellationToken).ConfigureAwait(false))
            {
                builder.Add(thing, group);
            }
        }

        if (_listsRegistry)
        {
            foreach (string thing in await RegistryAsync(last, cancellationToken).ConfigureAwait(false))
            {
                builder.Add(thing);
            }
        }

        return builder.Build(_listsRegistry);
    }

    // Half of an answer is none: a list that breaks off would take things out of their group.
    private async Task<IReadOnlyCollection<string>> GroupAsync(string group, MembershipSnapshot? last, CancellationToken cancellationToken)
    {
        try
        {
            List<string> things = await ListAsync(_index.ThingsInGroupAsync(group, recursive: true, cancellationToken)).ConfigureAwait(false);
            _missing.Remove(group);
            return things;
        }
        catch (AwsException e) when (e.Code == NotFound)
        {
            if (_missing.Add(group))
            {
                MembershipLog.GroupMissing(_logger, group);
            }

            return [];
        }
        catch (AwsException e) when (last is not null)
        {
            string[] kept = [.. last.In(group)];
            MembershipLog.GroupFailed(_logger, group, kept.Length, e.Message);
            return kept;
        }
    }

    private async Task<IReadOnlyCollection<string>> RegistryAsync(MembershipSnapshot? last, CancellationToken cancellationToken)
    {
        try
        {
            return await ListAsync(_index.ThingsAsync(cancellationToken)).ConfigureAwait(false);
        }
        catch (AwsException e) when (last is not null)
        {
            MembershipLog.RegistryFailed(_logger, last.Things, e.Message);
            return [.. last.All()];
        }
    }

    private async Task<List<string>> ListAsync(IAsyncEnumerable<string> names)
    {
        List<string> list = [];
        await foreach (string name in names.ConfigureAwait(false))
        {
            // One more than allowed is enough for the builder to refuse.
            if (list.Count > _options.MaxThings)
            {
                break;
            }

            list.Add(name);
        }

        return list;
    }
}
