using IotOps.Aws;

namespace IotOps.Samples.FleetTool.Routing;

/// <summary>One client a service, made when it is asked for.</summary>
internal sealed class RouteClients(string region) : IDisposable
{
    private readonly Dictionary<AwsService, AwsClient> _clients = [];

    public AwsClient Of(AwsService service)
    {
        if (!_clients.TryGetValue(service, out AwsClient? client))
        {
            client = _clients[service] = new AwsClient(new AwsClientOptions { Service = service, Region = region });
        }

        return client;
    }

    public void Dispose()
    {
        foreach (AwsClient client in _clients.Values)
        {
            client.Dispose();
        }
    }
}
