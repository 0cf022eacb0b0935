namespace IotOps.Defender.Linux;

/// <summary>How far from the wire an interface is, as far as its name says.</summary>
internal enum NameRank
{
    /// <summary>Its name is no driver's or program's for virtual interfaces.</summary>
    Plain,

    /// <summary>It puts others together, or is a part of one: a bond, a bridge, a VLAN.</summary>
    Composed,

    /// <summary>Its packets travel inside others' packets, or within this machine: a tunnel, a container's end.</summary>
    Carried,
}
