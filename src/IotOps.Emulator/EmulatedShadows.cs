using System.Text;
using IotOps.Emulator.Http;
using IotOps.Emulator.Shadow;

namespace IotOps.Emulator;

/// <summary>
/// The device shadow service, over MQTT and HTTPS; every member here acts from the cloud's side, past faults and throttles.
/// Kept in memory only. Thread-safe.
/// </summary>
public sealed class EmulatedShadows
{
    private readonly ShadowStore _store;
    private readonly ShadowRequestLog _log;
    private readonly ShadowAudience _audience;
    private readonly FaultInjector _faults;

    internal EmulatedShadows(ShadowStore store, ShadowRequestLog log, ShadowAudience audience, FaultInjector faults)
    {
        _store = store;
        _log = log;
        _audience = audience;
        _faults = faults;
    }

    /// <summary>The latest 10,000 requests of clients, of 64 MB together, oldest first.</summary>
    public IReadOnlyList<ShadowRequest> Requests => _log.Latest();

    /// <summary>A shadow's document as a get request shows it, delta included; null when there is none.</summary>
    public string? Find(string thingName, string shadowName = "")
    {
        ShadowDocument document = _store.Find(new ShadowKey(thingName, shadowName));
        return document.Exists ? Encoding.UTF8.GetString(ShadowMessages.Document(document, _store.Now, clientToken: null)) : null;
    }

    /// <summary>A shadow's version, which outlives its deletion; 0 when there never was one.</summary>
    public long Version(string thingName, string shadowName = "") => _store.Find(new ShadowKey(thingName, shadowName)).Version;

    /// <summary>Names of a thing's named shadows, sorted.</summary>
    public IReadOnlyList<string> Names(string thingName) => _store.Names(thingName);

    /// <summary>Updates a shadow as an application does: clients hear of it.</summary>
    /// <param name="thingName">Whose.</param>
    /// <param name="update">A request document, for example <c>{"state":{"desired":{"led":true}}}</c>.</param>
    /// <param name="shadowName">Empty for the classic one.</param>
    /// <returns>The new version.</returns>
    /// <exception cref="InvalidOperationException">The service refuses it.</exception>
    public long Update(string thingName, string update, string shadowName = "") => Execute(thingName, shadowName, ShadowOperation.Update, update);

    /// <summary>Deletes a shadow as an application does: clients hear of it.</summary>
    /// <returns>The version it had.</returns>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public long Delete(string thingName, string shadowName = "") => Execute(thingName, shadowName, ShadowOperation.Delete, "");

    /// <summary>
    /// Serves these same shadows on another broker too, as a client of it, so that whoever is tested against the emulator can be tested
    /// against that broker. It ends when what is returned is disposed.
    /// </summary>
    /// <param name="host">Host name or address.</param>
    /// <param name="port">Port for MQTT without TLS; the client is anonymous and speaks MQTT 3.1.1.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="IOException">The broker cannot be reached, or does not let the service in.</exception>
    public Task<AttachedShadows> AttachAsync(string host, int port, CancellationToken cancellationToken = default) =>
        AttachedShadows.StartAsync(
            host, port, _audience, _store.TimeProvider, publish => new ShadowResponder(_store, _log, _faults, publish), cancellationToken);

    private long Execute(string thingName, string shadowName, ShadowOperation operation, string payload)
    {
        var request = new ShadowTopic(new ShadowKey(thingName, shadowName), operation);
        try
        {
            return _store.Execute(request, Encoding.UTF8.GetBytes(payload), answer => _audience.Tell(request, answer)).Version;
        }
        catch (Refusal refusal)
        {
            throw new InvalidOperationException($"{refusal.Status} {refusal.Message}", refusal);
        }
    }
}
