namespace IotOps.Fleet.Timeline;

/// <summary>Who the errors of a group in a bucket came from.</summary>
internal sealed class GroupDetails
{
    private TopValues _clients;
    private TopValues _principals;
    private TopValues _addresses;
    private TopValues _rules;

    public void Add(IotLogEntry entry)
    {
        _clients.Add(entry.ClientId);
        _principals.Add(entry.Principal);
        _addresses.Add(entry.SourceIp);
        _rules.Add(entry.Rule);
    }

    public void AddTo(GroupSum sum)
    {
        _clients.AddTo(sum.Clients);
        _principals.AddTo(sum.Principals);
        _addresses.AddTo(sum.Addresses);
        _rules.AddTo(sum.Rules);
    }
}
