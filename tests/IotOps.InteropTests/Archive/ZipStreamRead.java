import java.io.BufferedInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Reads a zip from a pipe and prints a line for each file: its name, a tab, its length and the SHA-256 of its bytes. */
public class ZipStreamRead {
    public static void main(String[] args) throws Exception {
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(System.in, 1 << 16))) {
            byte[] buffer = new byte[1 << 16];
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                long length = 0;
                for (int count = zip.read(buffer); count >= 0; count = zip.read(buffer)) {
                    digest.update(buffer, 0, count);
                    length += count;
                }
                System.out.write((entry.getName() + "\t" + length + " " + HexFormat.of().formatHex(digest.digest()) + "\n").getBytes("UTF-8"));
            }
        }
        System.out.flush();
    }
}
