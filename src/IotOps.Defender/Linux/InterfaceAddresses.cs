using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using IotOps.Defender.Readings;

namespace IotOps.Defender.Linux;

/// <summary>The local addresses of the own network namespace, in one call however many interfaces there are. See getifaddrs(3).</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class InterfaceAddresses
{
    private const ushort FamilyIPv4 = 2;
    private const ushort FamilyIPv6 = 10;
    private const int AddressOffsetIPv4 = 4;
    private const int AddressOffsetIPv6 = 8;

    /// <exception cref="Win32Exception">The system refused.</exception>
    public static void Read(LocalAddresses addresses, InterfaceNames names)
    {
        if (GetIfAddrs(out InterfaceAddress* first) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"getifaddrs failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        try
        {
            for (InterfaceAddress* each = first; each is not null; each = each->Next)
            {
                // An interface without an address of some family has none at all there.
                if (each->Address is null)
                {
                    continue;
                }

                ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(each->Name);
                switch (*(ushort*)each->Address)
                {
                    case FamilyIPv4:
                        // "eth0:1" is a label of an address; the interface is eth0.
                        int colon = name.IndexOf((byte)':');
                        uint address = BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(each->Address + AddressOffsetIPv4, 4));
                        addresses.Add(LocalAddresses.Map(address), names.Get(colon < 0 ? name : name[..colon]));
                        break;
                    case FamilyIPv6:
                        addresses.Add(BinaryPrimitives.ReadUInt128BigEndian(new ReadOnlySpan<byte>(each->Address + AddressOffsetIPv6, 16)), names.Get(name));
                        break;
                    default:
                        break;
                }
            }
        }
        finally
        {
            FreeIfAddrs(first);
        }
    }

    [LibraryImport("libc", EntryPoint = "getifaddrs", SetLastError = true)]
    private static partial int GetIfAddrs(out InterfaceAddress* first);

    [LibraryImport("libc", EntryPoint = "freeifaddrs")]
    private static partial void FreeIfAddrs(InterfaceAddress* first);

    /// <summary>The beginning of struct ifaddrs, the same in glibc and musl on every architecture.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct InterfaceAddress
    {
        public InterfaceAddress* Next;
        public byte* Name;
        public uint Flags;
        public byte* Address;
    }
}
