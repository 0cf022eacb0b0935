namespace IotOps.Defender.Readings;

/// <summary>
/// Where the network's numbers come from. Each method empties what it is given, fills it wholly, or throws one of
/// <see cref="ReadingFault.Covers"/>: half a list would be a false one.
/// </summary>
internal interface INetworkReadings
{
    void ReadTcp(SocketRows established, SocketRows listening);

    void ReadUdp(SocketRows listening);

    void ReadInterfaces(InterfaceReadings interfaces);

    void ReadAddresses(LocalAddresses addresses);
}
