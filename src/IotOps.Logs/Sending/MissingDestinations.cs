using System.Collections.Concurrent;
using IotOps.Aws;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Sending;

/// <summary>Creates groups and streams that the service said are not there. Nothing is asked beforehand: describing streams is limited to 25 calls a second.</summary>
internal sealed class MissingDestinations(LogsApi api, NewGroups settings, ILogger logger)
{
    private readonly ConcurrentDictionary<string, bool> _withoutRetention = new(StringComparer.Ordinal);

    /// <summary>Creates what is missing of a destination.</summary>
    /// <exception cref="AwsException">Refused.</exception>
    public async Task CreateAsync(LogDestination destination, CancellationToken cancellationToken)
    {
        if (!await TryCreateStreamAsync(destination, cancellationToken).ConfigureAwait(false))
        {
            await CreateGroupAsync(destination.Group, cancellationToken).ConfigureAwait(false);
            await SetRetentionAsync(destination.Group, cancellationToken).ConfigureAwait(false);
            await api.CreateStreamAsync(destination, cancellationToken).ConfigureAwait(false);
            Log.Created(logger, destination.Group, destination.Stream);
        }
    }

    private async Task<bool> TryCreateStreamAsync(LogDestination destination, CancellationToken cancellationToken)
    {
        try
        {
            // A group whose retention could not be set is tried again on the way.
            await SetRetentionAsync(destination.Group, cancellationToken).ConfigureAwait(false);
            await api.CreateStreamAsync(destination, cancellationToken).ConfigureAwait(false);
            Log.Created(logger, destination.Group, destination.Stream);
            return true;
        }
        catch (AwsException e) when (PutVerdicts.Of(e) == PutVerdict.Accepted)
        {
            return true;
        }
        catch (AwsException e) when (PutVerdicts.Of(e) == PutVerdict.CreateMissing)
        {
            return false;
        }
    }

    private async Task CreateGroupAsync(string group, CancellationToken cancellationToken)
    {
        try
        {
            await api.CreateGroupAsync(group, settings, cancellationToken).ConfigureAwait(false);
            _withoutRetention[group] = true;
        }
        catch (AwsException e) when (PutVerdicts.Of(e) == PutVerdict.Accepted)
        {
            // Another lane, or another device, was first; the retention is theirs to set.
        }
    }

    private async Task SetRetentionAsync(string group, CancellationToken cancellationToken)
    {
        if (settings.RetentionDays is not { } days || !_withoutRetention.ContainsKey(group))
        {
            return;
        }

        try
        {
            await api.PutRetentionAsync(group, days, cancellationToken).ConfigureAwait(false);
        }
        catch (AwsException e) when (PutVerdicts.Of(e) is PutVerdict.Denied or PutVerdict.Bisect)
        {
            // Events kept too long cost money; events not sent are lost.
            Log.RetentionRefused(logger, group, days, e.Code);
        }

        _withoutRetention.TryRemove(group, out _);
    }
}
