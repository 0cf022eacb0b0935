namespace IotOps.Fleet.Patterns;

/// <summary><c>cidr</c>, or a text that is an IP address and therefore compares by value.</summary>
internal sealed class AddressTerm(IpValue network, int bits) : ValueTerm($"address {network.Network(bits)}/{bits} of {network.Length}")
{
    private readonly UInt128 _network = network.Network(bits);

    public override bool Takes(ref FieldValue value) =>
        value.Address is { } address && address.Length == network.Length && address.Network(bits) == _network;
}
